#!/usr/bin/env bash
# Installs what the benchmarks compare with, apart from the package's dependencies, into .bench/.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .bench/node
[ -x .bench/python/bin/python ] || python3 -m venv .bench/python
.bench/python/bin/pip install --quiet --upgrade duckdb polars
[ -f .bench/node/package.json ] || echo '{ "private": true }' > .bench/node/package.json
npm install --prefix .bench/node --no-audit --no-fund @duckdb/duckdb-wasm
