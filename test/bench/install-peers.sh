#!/usr/bin/env bash
# Installs what tests and benchmarks compare with, apart from the package's dependencies, into .bench/.
# Arguments: which ones of duckdb, polars, datafusion, glaredb, duckdb-wasm, duckdb-node and tpcds (the generator
# of TPC-DS); without any, all of them. Only when named: daft (on Ray) and pyspark, which needs Java 17.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- duckdb polars datafusion glaredb duckdb-wasm duckdb-node tpcds

python_package() { # environment, packages …
  local python=.bench/$1/bin/python
  shift
  [ -x "$python" ] || python3 -m venv "$(dirname "$(dirname "$python")")"
  "$python" -m pip install --quiet --disable-pip-version-check --upgrade "$@"
}

node_package() {
  mkdir -p .bench/node
  [ -f .bench/node/package.json ] || echo '{ "private": true }' > .bench/node/package.json
  npm install --prefix .bench/node --no-audit --no-fund "$1"
}

mkdir -p .bench
for peer in "$@"; do
  case $peer in
    duckdb | polars | glaredb) python_package python "$peer" ;;
    datafusion) python_package python datafusion pyarrow ;;
    # An extension loads only into the release that it was built for, hence an environment of its own.
    tpcds) python_package tpcds-python duckdb==1.5.5 duckdb-extension-tpcds==1.5.5 ;;
    daft) python_package ray-python 'ray[default]' daft ;;
    pyspark) python_package ray-python pyspark ;;
    duckdb-wasm) node_package @duckdb/duckdb-wasm ;;
    duckdb-node) node_package @duckdb/node-api ;;
    *) echo "unknown peer $peer" >&2 && exit 1 ;;
  esac
done
