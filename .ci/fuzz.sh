#!/usr/bin/env bash
# The tests that make their own cases, with many more of them: all that each property asks for, and of damaged files
# `runs` of each, at least 20,000 in all. These print how many cases ended in what; a failure prints its seed, which replays it.
set -euo pipefail
runs=${GIALLO_FUZZ_RUNS:-7000}
mapfile -t files < <(grep --recursive --files-with-matches --extended-regexp 'process.env.GIALLO_FUZZ_RUNS|/cases.js' test --include='*.test.ts' | sort)
if [ ${#files[@]} -eq 0 ]; then
  echo 'no test makes its own cases'
  exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
GIALLO_FUZZ_RUNS=$runs GIALLO_ALL_CASES=1 npm test --silent -- "${files[@]}" >"$log" 2>&1 || status=$?
if [ $status -ne 0 ]; then cat "$log"; exit $status; fi
grep --extended-regexp '^ *# ([0-9]+ (runs|cases): |(tests|pass|fail) [0-9]+$)' "$log"
cases=$(sed --quiet --regexp-extended 's/^ *# ([0-9]+) (runs|cases): .*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
echo "$cases generated cases in ${#files[@]} files"
[ "$cases" -ge 20000 ] || { echo 'at least 20000 are wanted'; exit 1; }
