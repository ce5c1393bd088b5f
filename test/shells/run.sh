#!/usr/bin/env bash
# Installs all shells and readers of manual pages, and runs the tests that are skipped without them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ -e dist/giallo.1 ] || { echo 'giallo is not built: npm run build'; exit 1; }
.ci/apt-install 'test -e /usr/share/bash-completion/bash_completion' bash-completion
.ci/apt-install 'zsh --version' zsh
.ci/apt-install 'fish --version' fish
.ci/apt-install 'man --version' man-db
.ci/apt-install 'groff --version' groff-base
.ci/apt-install 'command -v mandoc' mandoc
log=$(mktemp)
trap 'rm -f "$log"' EXIT
npm test --silent -- test/commands/completion.test.ts test/commands/install-completion.test.ts test/man-page.test.ts >"$log" || { cat "$log"; exit 1; }
grep --extended-regexp '^(#|ℹ) (pass|skipped)' "$log"
grep --extended-regexp --quiet '^(#|ℹ) skipped 0$' "$log" || { echo 'a test was skipped'; exit 1; }
