"""Joins the films of a folder into one uncompressed array, for peers that need it: merge.py <folder> <vectors.npy>"""

import os
import sys
from pathlib import Path

import numpy as np


def main(folder, target):
    films = sorted(Path(folder).glob("*.npz"))
    frames = [len(np.load(path)["filenames"]) for path in films]
    dim = np.load(films[0])["embeddings"].shape[1]
    unfinished = Path(target).with_suffix(f".{os.getpid()}.npy")
    # Written film by film, since all films together may not fit in memory.
    merged = np.lib.format.open_memmap(unfinished, mode="w+", dtype="<f4", shape=(sum(frames), dim))
    for path, end in zip(films, np.cumsum(frames)):
        embeddings = np.load(path)["embeddings"]
        merged[end - len(embeddings) : end] = embeddings
    merged.flush()
    unfinished.rename(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
