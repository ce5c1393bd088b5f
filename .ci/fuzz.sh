#!/usr/bin/env bash
# Runs the tests that generate their cases, with many more cases than `npm test`: for properties as many as each asks
# for, for damaged files `runs` in each test, at least 20,000 in all. The tests print how many cases had which outcome.
# A failure prints its seed, with which it can be repeated. Slow tests in the same files that make no cases are skipped
# (`withoutCases` in test/cases.ts).
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
