"""A numpy script that loads all films, then answers one question: batch_loading.py <folder> <row> <k>"""

import glob
import json
import sys
from pathlib import Path

import numpy as np

# Load all embeddings
embeddings_dir = Path(sys.argv[1])
all_filenames = []
all_embeddings = []

for npz_file in sorted(glob.glob(str(embeddings_dir / "*.npz"))):
    data = np.load(npz_file)
    all_filenames.extend(data["filenames"])
    all_embeddings.append(data["embeddings"])

# Combine into single array
combined_embeddings = np.vstack(all_embeddings)

# Find most similar screenshots to the row asked for
query, k = int(sys.argv[2]), int(sys.argv[3])
query_embedding = combined_embeddings[query]
norms = np.linalg.norm(combined_embeddings, axis=1)
similarities = combined_embeddings @ query_embedding / (norms * norms[query])
similarities[query] = -np.inf
top_indices = np.argsort(similarities)[-k:][::-1]
results = [{"filename": str(all_filenames[idx]), "score": float(similarities[idx])} for idx in top_indices]
print(json.dumps({"results": results}))
