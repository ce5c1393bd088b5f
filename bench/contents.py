"""Reads a film with numpy or json: contents.py <film.npz | film.json>

Prints the filenames and a SHA-256 of the float32 vectors.
"""

import hashlib
import json
import sys

import numpy as np


def main(path):
    if path.endswith(".json"):
        with open(path, encoding="utf-8") as file:
            frames = json.load(file)
        filenames, embeddings = list(frames), np.array(list(frames.values()))
    else:
        film = np.load(path)
        filenames, embeddings = film["filenames"].tolist(), film["embeddings"]
    digest = hashlib.sha256(np.ascontiguousarray(embeddings, dtype="<f4"))
    print(json.dumps({"filenames": filenames, "embeddings": digest.hexdigest()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
