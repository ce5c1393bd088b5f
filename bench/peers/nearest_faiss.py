"""The k nearest rows of every row by FAISS, exact: nearest_faiss.py <vectors.npy> <k> <scores.npy>

Vectors are of unit length, in memory. Writes float32 scores [rows x k], largest first. Asks for k + 1 rows and leaves
out the row itself; if equal rows took all places, it leaves out one of them.
"""

import sys

import faiss
import numpy as np

vectors = np.load(sys.argv[1])
k = int(sys.argv[2])
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
scores, rows = index.search(vectors, k + 1)
is_self = rows == np.arange(len(vectors))[:, None]
is_self[~is_self.any(axis=1), -1] = True
np.save(sys.argv[3], scores[~is_self].reshape(len(vectors), k))
