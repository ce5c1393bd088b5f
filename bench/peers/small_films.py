"""The k nearest frames of every frame of many small films by numpy: small_films.py <folder> <k> <scores.npy>

Loads all films, makes unit vectors, multiplies, partitions; writes float32 scores [frames x k], largest first.
"""

import sys
from pathlib import Path

import numpy as np

films = sorted(Path(sys.argv[1]).glob("*.npz"))
k = int(sys.argv[2])
vectors = np.concatenate([np.load(path)["embeddings"] for path in films]).astype(np.float64)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
scores = vectors @ vectors.T
np.fill_diagonal(scores, -np.inf)
best = np.partition(scores, -k, axis=1)[:, -k:]
np.save(sys.argv[3], -np.sort(-best.astype(np.float32), axis=1))
