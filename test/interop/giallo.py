"""Runs giallo as its users do: the launcher of this checkout, in a process of its own."""

import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "bin" / "giallo.js"

# A separate cache, removed at the end, so that indexes of the user are not used.
_cache = tempfile.TemporaryDirectory(prefix="giallo-cache-")
_environment = {**os.environ, "GIALLO_CACHE": _cache.name}

# Far longer than any of these runs takes.
TIMEOUT_SECONDS = 300


class Run:
    """What one run printed, and how it ended."""

    def __init__(self, done):
        self.status = done.returncode
        self.bytes = done.stdout
        self.stderr = done.stderr.decode()

    @property
    def text(self):
        return self.bytes.decode()

    def json(self):
        if self.bytes == b"":
            raise RuntimeError(f"ended with {self.status} and no answer: {self.stderr}")
        return json.loads(self.text, object_hook=_without_moment)

    def ndjson(self):
        return [json.loads(line, object_hook=_without_moment) for line in self.text.split("\n") if line != ""]


def _without_moment(record):
    """A record without the moment of its frame, which comes from films.json and of which numpy knows nothing."""
    record.pop("seconds", None)
    return record


def giallo(*arguments, stdin=""):
    """Runs giallo with text or bytes on stdin; 0 and 1 are answers, anything else (the command line, a bug) is an error of the caller or ours."""
    command = ["node", str(LAUNCHER), *[str(argument) for argument in arguments]]
    data = stdin.encode() if isinstance(stdin, str) else stdin
    run = Run(_ended(command, data) or _ended(command, data) or _hung(command))
    if run.status not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {run.status}: {run.stderr}")
    return run


def _ended(command, data):
    """The process when it has ended; None if it does not. Node 20 itself may stand still on its way out, once in
    thousands of runs, when a compilation in the background waits for a collection (nodejs/node#54918)."""
    try:
        return subprocess.run(
            command, input=data, capture_output=True, check=False, env=_environment, timeout=TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        print(f"did not end within {TIMEOUT_SECONDS} s: {' '.join(command)}", flush=True)
        return None


def _hung(command):
    raise RuntimeError(f"{' '.join(command)} did not end, twice")
