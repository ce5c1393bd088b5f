#!/usr/bin/env bash
# Kills a dump, a site and a build of the search index with SIGKILL at ten moments, and runs them again: they must end
# with the same files as without kills. Rewrites a film in place while it is read: answers must never mix its old and
# new content.
set -euo pipefail
node --import tsx test/kill/kill-dump.ts "$@"
node --import tsx test/kill/kill-build.ts "$@"
node --import tsx test/kill/kill-explore.ts "$@"
node --import tsx test/kill/rewrite-film.ts "$@"
