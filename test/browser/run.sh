#!/bin/sh
# Runs the tests of pages in a browser: $GIALLO_TEST_BROWSER, else Debian's chromium without its windows, which is
# installed if it is missing.
set -eu
cd "$(dirname "$0")/../.."
[ -n "${GIALLO_TEST_BROWSER:-}" ] ||
  .ci/apt-install 'test -x /usr/lib/chromium/chromium-headless-shell' chromium-headless-shell
npm run --silent build:tests
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node bin/giallo.js explore --quiet --data "$PWD/data_embeddings" --output "$folder/look"
export GIALLO_SAMPLE_SITE="$folder/look"
node --enable-source-maps --test --test-concurrency=2 $(find build/test/browser -name '*.browser.js' | sort)
