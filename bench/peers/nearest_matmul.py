"""The k nearest rows of every row by numpy: nearest_matmul.py <vectors.npy> <k> <scores.npy>

Vectors are of unit length, in memory. Multiplies blocks of rows, and takes the k largest by argpartition. Writes
float32 scores [rows x k], largest first.
"""

import sys

import numpy as np

BLOCK = 1000

vectors = np.load(sys.argv[1])
k = int(sys.argv[2])
best = np.empty((len(vectors), k), dtype=np.float32)
for start in range(0, len(vectors), BLOCK):
    scores = vectors[start : start + BLOCK] @ vectors.T
    rows = np.arange(len(scores))
    scores[rows, start + rows] = -np.inf
    nearest = np.argpartition(scores, -k, axis=1)[:, -k:]
    best[start : start + BLOCK] = -np.sort(-np.take_along_axis(scores, nearest, axis=1), axis=1)
np.save(sys.argv[3], best)
