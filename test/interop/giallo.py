"""Runs giallo as its users do: the launcher of this checkout, in a process of its own."""

import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "bin" / "giallo.js"


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
        return json.loads(self.text)

    def ndjson(self):
        return [json.loads(line) for line in self.text.split("\n") if line != ""]


def giallo(*arguments, stdin=""):
    """Runs giallo; 0 and 1 are answers, anything else (the command line, a bug) is an error of the caller or ours."""
    command = ["node", str(LAUNCHER), *[str(argument) for argument in arguments]]
    run = Run(subprocess.run(command, input=stdin.encode(), capture_output=True, check=False))
    if run.status not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {run.status}: {run.stderr}")
    return run
