#!/usr/bin/env bash
# A dump, and a build of the search index, that is killed with SIGKILL at ten moments, each time run again, ends with the
# files of an undisturbed one.
set -euo pipefail
node --import tsx test/kill/kill-dump.ts "$@"
node --import tsx test/kill/kill-build.ts "$@"
