#!/usr/bin/env bash
# The tests reach what they claim to reach: the thresholds stand in package.json.
set -euo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! npm run --silent coverage >"$log" 2>&1; then
  grep -E '^(not ok|ERROR|# fail)' "$log" || tail -n 30 "$log"
  exit 1
fi
grep -E '^(Statements|Branches|Functions|Lines) ' "$log"
