"""Joins a folder's films into one uncompressed array, as the peers that need it want: merge.py <folder> <vectors.npy>"""

import os
import sys
from pathlib import Path

import numpy as np


def main(folder, target):
    films = [np.load(path)["embeddings"] for path in sorted(Path(folder).glob("*.npz"))]
    unfinished = Path(target).with_suffix(f".{os.getpid()}.npy")
    np.save(unfinished, np.concatenate(films))
    unfinished.rename(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
