"""Makes a dictionary of vectors from a film, as people do it: npz_to_json.py <film.npz> <film.json>"""

import json
import sys

import numpy as np

film = np.load(sys.argv[1])
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(dict(zip(film["filenames"].tolist(), film["embeddings"].tolist())), file)
