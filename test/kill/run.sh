#!/usr/bin/env bash
# A dump that is killed with SIGKILL at ten moments, each time run again, ends with the files of an undisturbed one.
set -euo pipefail
node --import tsx test/kill/kill-dump.ts "$@"
