"""Writes films as numpy saves them, <name>.source.npz, and as Python's json writes them, into a folder; seeded.

Usage: make-films.py <folder>
"""

import json
import os
import sys

import numpy as np

folder = sys.argv[1]
rng = np.random.default_rng(7)
noise = rng.standard_normal((400, 768)).astype(np.float32)
black = noise.copy()
black[100:] = 0
films = {
    "noise": noise * np.float32(0.02),
    "rounded": np.round(noise, 4),
    "sparse": np.where(noise > 0.5, (noise * 64).round() / np.float32(64), 0).astype(np.float32),
    "black": black,
    "halves": noise.astype(np.float16).astype(np.float32),
    "one": noise[:1, :3],
}
names = ["plain.jpg", "caf\u00e9.jpg", "\U0001f3ac.jpg", "with, comma.jpg", 'with "quotes".jpg', "__proto__", "1"]
for name, embeddings in films.items():
    filenames = [names[i] if i < len(names) else f"{name}_{i:06d}.jpg" for i in range(len(embeddings))]
    np.savez_compressed(os.path.join(folder, f"{name}.source.npz"), filenames=np.array(filenames), embeddings=embeddings)
    with open(os.path.join(folder, f"{name}.source.json"), "w", encoding="utf-8") as file:
        json.dump({filename: row.tolist() for filename, row in zip(filenames, embeddings)}, file)
