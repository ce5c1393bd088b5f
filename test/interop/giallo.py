"""Runs the program of this checkout, many times in one process."""

import atexit
import base64
import json
import os
import pathlib
import subprocess
import tempfile

ANSWER = pathlib.Path(__file__).resolve().parent / "answer.js"

# A separate cache, removed at the end, so that indexes of the user are not used.
_cache = tempfile.TemporaryDirectory(prefix="giallo-cache-")
_environment = {**os.environ, "GIALLO_CACHE": _cache.name}
_process = subprocess.Popen(["node", str(ANSWER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment)
atexit.register(_process.communicate)


class Run:
    """What one run printed, and how it ended."""

    def __init__(self, answer):
        self.status = answer["status"]
        self.bytes = base64.b64decode(answer["stdout"])
        self.stderr = base64.b64decode(answer["stderr"]).decode()

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
    argv = [str(argument) for argument in arguments]
    data = stdin.encode() if isinstance(stdin, str) else stdin
    question = {"argv": argv, "stdin": base64.b64encode(data).decode()}
    _process.stdin.write(json.dumps(question).encode() + b"\n")
    _process.stdin.flush()
    answer = _process.stdout.readline()
    if answer == b"":
        raise RuntimeError(f"giallo {' '.join(argv)} ended the process with {_process.wait()}")
    run = Run(json.loads(answer))
    if run.status not in (0, 1):
        raise RuntimeError(f"giallo {' '.join(argv)} ended with {run.status}: {run.stderr}")
    return run
