"""Runs one command and measures it: launch.py <file for its stdout> <command> [argument...]

Prints one JSON object: exit status, wall time, processor time of all its threads, peak memory. The kernel counts the
peak of a child from the size of its parent, so the parent must be small; the memory of Node would be counted.
"""

import json
import os
import sys
import time


def main(stdout, *command):
    redirect = [(os.POSIX_SPAWN_OPEN, 1, stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)]
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=redirect)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    peak_unit = 1 if sys.platform == "darwin" else 1024
    measured = {
        "status": os.waitstatus_to_exitcode(status),
        "wallMs": wall * 1000,
        "processorMs": (usage.ru_utime + usage.ru_stime) * 1000,
        "peakBytes": usage.ru_maxrss * peak_unit,
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main(*sys.argv[1:])
