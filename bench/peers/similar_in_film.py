"""A short numpy script as people write it, for one frame against its film: similar_in_film.py <film.npz> <index>"""

import json
import sys

import numpy as np
from numpy.linalg import norm


def cosine_similarity(a, b):
    return np.dot(a, b) / (norm(a) * norm(b))


# Load embeddings
data = np.load(sys.argv[1])
filenames = data["filenames"]
embeddings = data["embeddings"]

# Find most similar screenshots to the index asked for
query = int(sys.argv[2])
query_embedding = embeddings[query]
similarities = np.array([cosine_similarity(query_embedding, emb) for emb in embeddings])

# Get top 5 most similar (excluding self)
top_indices = np.argsort(similarities)[-6:-1][::-1]
results = [{"filename": str(filenames[idx]), "score": float(similarities[idx])} for idx in top_indices]
print(json.dumps({"results": results}))
