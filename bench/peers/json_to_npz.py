"""Makes a film from a dictionary of vectors, as people do it: json_to_npz.py <film.json> <film.npz>"""

import json
import sys

import numpy as np

with open(sys.argv[1], encoding="utf-8") as file:
    frames = json.load(file)
np.savez_compressed(
    sys.argv[2],
    filenames=np.array(list(frames)),
    embeddings=np.array(list(frames.values()), dtype=np.float32),
)
