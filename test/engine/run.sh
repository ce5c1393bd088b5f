#!/usr/bin/env bash
# The engine against real ClickHouse servers on loopback: one, and clusters of two and three. Installs the server, as a
# library with its exact version, into a folder of its own (171 MB to fetch, 550 MB on disk; kept for the next time), and
# ends with the summary of node's tests. Servers that a killed test leaves are ended here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

limit_seconds=${GIALLO_ENGINE_TESTS_LIMIT:-420}
clickhouse=test/engine/clickhouse

main() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || fail "ClickHouse comes as a library for Linux on x86-64, found $(uname -sm)"
  install_clickhouse || fail 'ClickHouse could not be installed, as said above'
  GIALLO_ENGINE_PIDS=$(mktemp -d)
  export GIALLO_ENGINE_PIDS GIALLO_ENGINE_TESTS=1
  trap end_servers EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # One file after the other: two clusters at once would be five servers.
  timeout --kill-after=10 "$limit_seconds" \
    node --import tsx --test --test-concurrency=1 test/engine/*.test.ts test/engine/nodes/*.test.ts
}

fail() {
  echo "test/engine: cannot run: $1" >&2
  exit 1
}

install_clickhouse() {
  cmp -s "$clickhouse/package-lock.json" "$clickhouse/node_modules/installed.json" && return
  npm ci --prefix "$clickhouse" --ignore-scripts --no-audit --no-fund &&
    cp "$clickhouse/package-lock.json" "$clickhouse/node_modules/installed.json"
}

end_servers() {
  local file pid
  for file in "$GIALLO_ENGINE_PIDS"/*.pid; do
    [ -e "$file" ] || continue
    pid=$(basename "$file" .pid)
    # Its number may belong to another process by now.
    if grep -qs "$clickhouse/node.mjs" "/proc/$pid/cmdline"; then kill -KILL "$pid" || true; fi
  done
  rm -rf "$GIALLO_ENGINE_PIDS"
}

main
