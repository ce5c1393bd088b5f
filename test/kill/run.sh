#!/usr/bin/env bash
# Kills a dump, a site and a build of the search index with SIGKILL at ten moments, and runs them again: they must end
# with the same files as without kills. Rewrites a film in place while it is read: answers must never mix its old and
# new content.
set -euo pipefail
npm run --silent build:tests
node --enable-source-maps build/test/kill/kill-dump.js "$@"
node --enable-source-maps build/test/kill/kill-build.js "$@"
node --enable-source-maps build/test/kill/kill-explore.js "$@"
node --enable-source-maps build/test/kill/rewrite-film.js "$@"
