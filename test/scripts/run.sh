#!/usr/bin/env bash
# Runs the recipes of docs/scripts.md as they are, and compares their output. DuckDB is its package for Node.js.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ -e dist/program/cli.cjs ] || { echo 'giallo is not built: npm run build'; exit 1; }
.ci/apt-install 'jq --version' jq
.ci/apt-install 'sqlite3 -version' sqlite3
.ci/apt-install '/usr/bin/python3 -c "import pandas"' python3-pandas
.ci/apt-install 'Rscript --version' r-base-core
.ci/apt-install "Rscript -e 'library(jsonlite)'" r-cran-jsonlite
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-save --prefix "$work/duckdb" @duckdb/node-api@1.5.6-r.1 >/dev/null
node test/scripts/recipes.js "$work"
