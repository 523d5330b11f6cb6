#!/usr/bin/env bash
# Runs a command that starts Ray clusters where there is no network but the loopback: whatever listens is reached by nobody
# else. Needs `npm run ray:install` and a build.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -x .ray/python/bin/python ] || { echo "first: npm run ray:install"; exit 1; }
export RAYEXEC_TEST_RAY=1
run='ip link set lo up && exec "$@"'
if unshare -n true 2>/dev/null; then exec unshare -n sh -c "$run" sh "$@"; fi
if unshare -rn true 2>/dev/null; then exec unshare -rn sh -c "$run" sh "$@"; fi
echo "no network namespaces here: Ray listens on the loopback only all the same"
exec "$@"
