"""The nearest frames of one row by numpy, from unit vectors in one uncompressed, memory-mapped file.

memory_mapped.py <vectors.npy> <row> <k>
"""

import json
import sys

import numpy as np

vectors = np.load(sys.argv[1], mmap_mode="r")
query, k = int(sys.argv[2]), int(sys.argv[3])
scores = vectors @ vectors[query]
scores[query] = -np.inf
nearest = np.argpartition(-scores, k)[:k]
nearest = nearest[np.argsort(-scores[nearest])]
print(json.dumps({"results": [{"row": int(row), "score": float(scores[row])} for row in nearest]}))
