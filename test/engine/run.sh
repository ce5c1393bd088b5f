#!/usr/bin/env bash
# The engine against real ClickHouse servers on loopback: one, and clusters of two and three. Installs the server, as a
# library with its exact version, into a folder of its own (171 MB to fetch, 550 MB on disk; kept for the next time), and
# ends with the summary of node's tests. Servers that a killed test leaves are ended here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

limit_seconds=${GIALLO_ENGINE_TESTS_LIMIT:-420}

case "$(uname -sm)" in
  'Linux x86_64') ;;
  *)
    echo "left out: the engine's tests need Linux on x86-64, found $(uname -sm)"
    exit 0
    ;;
esac

clickhouse=test/engine/clickhouse
if ! cmp -s "$clickhouse/package-lock.json" "$clickhouse/node_modules/installed.json"; then
  npm ci --prefix "$clickhouse" --ignore-scripts --no-audit --no-fund
  cp "$clickhouse/package-lock.json" "$clickhouse/node_modules/installed.json"
fi

GIALLO_ENGINE_PIDS=$(mktemp -d)
export GIALLO_ENGINE_PIDS GIALLO_ENGINE_TESTS=1
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
trap end_servers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# One file after the other: three clusters at once would be six servers.
timeout --kill-after=10 "$limit_seconds" \
  node --import tsx --test --test-concurrency=1 test/engine/*.test.ts test/engine/nodes/*.test.ts
