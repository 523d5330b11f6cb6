#!/usr/bin/env bash
# Installs Ray for the tests of queries on a cluster, apart from the package's dependencies, into .ray/.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -x .ray/python/bin/python ] || python3 -m venv .ray/python
.ray/python/bin/pip install --quiet --upgrade 'ray[default]'
