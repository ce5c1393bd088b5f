#!/usr/bin/env bash
# A dump, a site, and a build of the search index, that is killed with SIGKILL at ten moments, each time run again, ends with the
# files of an undisturbed one; a film that is rewritten in place while it is read is never answered of as a mixture.
set -euo pipefail
node --import tsx test/kill/kill-dump.ts "$@"
node --import tsx test/kill/kill-build.ts "$@"
node --import tsx test/kill/kill-explore.ts "$@"
node --import tsx test/kill/rewrite-film.ts "$@"
