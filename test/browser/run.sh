#!/bin/sh
# Runs the tests of pages in a browser; gets Debian's chromium where there is none and root can.
set -eu
cd "$(dirname "$0")/../.."
browser=${GIALLO_TEST_BROWSER:-/usr/bin/chromium}
if [ ! -x "$browser" ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "test/browser: expected a chromium at $browser, found none; \$GIALLO_TEST_BROWSER names another" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
fi
exec node --import tsx --test --test-concurrency=1 $(find test/browser -name '*.browser.ts' | sort)
