#!/usr/bin/env bash
# Tests the engine with real ClickHouse servers on loopback: a single one, and clusters of two and three. Installs the
# server first, and prints the summary of the tests at the end. Ends servers that a killed test has left.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

limit_seconds=${GIALLO_ENGINE_TESTS_LIMIT:-600}
clickhouse=test/engine/clickhouse

main() {
  bash "$clickhouse/install.sh"
  npm run --silent build:tests
  GIALLO_ENGINE_PIDS=$(mktemp -d)
  export GIALLO_ENGINE_PIDS GIALLO_ENGINE_TESTS=1
  trap end_servers EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # One file after another, since two clusters at once would be five servers.
  timeout --kill-after=10 "$limit_seconds" \
    node --enable-source-maps --test --test-concurrency=1 build/test/engine/*.test.js build/test/engine/nodes/*.test.js
}

end_servers() {
  local file pid
  for file in "$GIALLO_ENGINE_PIDS"/*.pid; do
    [ -e "$file" ] || continue
    pid=$(basename "$file" .pid)
    # Its number may belong to another process meanwhile.
    if grep -qs "$clickhouse/node.mjs" "/proc/$pid/cmdline"; then kill -KILL "$pid" || true; fi
  done
  rm -rf "$GIALLO_ENGINE_PIDS"
}

main
