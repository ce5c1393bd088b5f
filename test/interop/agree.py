#!/usr/bin/env python3
"""Asks giallo and numpy the same questions about a collection, and reports every disagreement.

    python3 test/interop/agree.py <folder> [--queries 200] [--seed 1971] [--only similar,topk] [--index]

numpy's side is written from the definitions, in float64, in `agree_<command>.py`; what counts as the same, and how ties
are treated, stands in `ranking.py`. With --index the collection is prepared first, so that the answers come from the
search index. Exits 1 if there is a disagreement.
"""

import argparse
import importlib
import sys
import time

import numpy as np
from films import Collection
from giallo import giallo

COMMANDS = ["similar", "search", "shots", "topk", "pairs", "duplicates", "compare"]
SHOWN = 5


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1971)
    parser.add_argument("--only", default=",".join(COMMANDS))
    parser.add_argument("--index", action="store_true")
    asked = parser.parse_args()
    collection = Collection(asked.folder)
    if asked.index:
        print(giallo("index", "build", "--data", asked.folder).text, end="")
    disagreements = 0
    for command in asked.only.split(","):
        started = time.monotonic()
        rng = np.random.default_rng([asked.seed, COMMANDS.index(command)])
        for verdict in importlib.import_module(f"agree_{command}").check(collection, rng, asked.queries):
            print(verdict.line(), flush=True)
            for disagreement in verdict.disagreements[:SHOWN]:
                print(f"  {disagreement}")
            disagreements += len(verdict.disagreements)
        print(f"{command}: {time.monotonic() - started:.1f} s", flush=True)
    prepared = " with its index" if asked.index else ""
    print(f"{disagreements} disagreements with numpy {np.__version__}, seed {asked.seed}, {asked.folder}{prepared}")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
