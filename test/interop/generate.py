#!/usr/bin/env python3
"""Writes a small collection full of what makes answers differ: generate.py <folder> [--seed 1971]

Repeated frames and rows scaled by two, in one film and across films; all-zero rows, single and in runs; NaN and Inf;
small integers (hundreds of exact ties); a film without frames, one of one frame, one of stills, one without a cut, some
whose cuts hardly stand out; another dim; names that sort differently by UTF-16 units than by code points.
"""

import argparse
import pathlib

import numpy as np

DIM = 52  # no multiple of eight


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1971)
    asked = parser.parse_args()
    folder = pathlib.Path(asked.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in make_films(np.random.default_rng(asked.seed)).items():
        filenames = np.array([f"{name}_{i + 1:06d}.jpg" for i in range(len(rows))], dtype=f"<U{len(name) + 11}")
        np.savez_compressed(folder / f"{name}.npz", filenames=filenames, embeddings=rows.astype(np.float32))


def make_films(rng):
    cut = film_with_cuts(rng, shots=40, mean_length=6)
    remake = film_with_cuts(rng, shots=25, mean_length=5)
    remake[30:60] = cut[70:100]  # re-used footage
    remake[60:70] = 2 * cut[:10]  # the same directions
    remake[70:80] = -cut[:10]
    black = film_with_cuts(rng, shots=15, mean_length=5)
    black[0] = black[20:26] = black[40] = 0
    broken = film_with_cuts(rng, shots=15, mean_length=5)
    broken[0] = np.nan
    broken[10, 3] = np.inf
    broken[20:23, 7] = np.nan
    broken[30, 0] = -np.inf
    broken[41] = 0
    return {
        "Cut.1971.mkv": cut,
        "Remake.1985.mp4": remake,
        "Black": black,
        "Broken": broken,
        "Integers": rng.integers(-2, 3, size=(150, DIM)),
        "Soft.Cuts": film_of_one_scene(rng, shots=20, drift=0.2, apart=0.55),
        "Faint.Cuts": film_of_one_scene(rng, shots=20, drift=0.3, apart=0.55),
        "Stills": rng.standard_normal((60, DIM)),
        "One.Take": np.cumsum(rng.standard_normal((80, DIM)) * 0.02, axis=0) + rng.standard_normal(DIM),
        "One": cut[:1],
        "None": np.zeros((0, DIM)),
        "All.Black": np.zeros((4, DIM)),
        "Other.Dim": rng.standard_normal((30, 9)),
        "\uff5e before the next": cut[3:5],
        "\U0001f3ac after the last": cut[3:5],
    }


def film_with_cuts(rng, shots, mean_length):
    """Runs of frames that drift about a direction of their own, some frozen: rows that are equal."""
    runs = []
    for _ in range(shots):
        length = 1 + rng.poisson(mean_length - 1)
        drift = np.cumsum(rng.standard_normal((length, DIM)) * 0.03, axis=0)
        runs.append(rng.standard_normal(DIM) + (0 if rng.random() < 0.2 else drift) + np.zeros((length, DIM)))
    return np.concatenate(runs)


def film_of_one_scene(rng, shots, drift, apart):
    """Shots `apart` from what they have in common, each frame `drift` from its shot: cuts that stand out, or hardly."""
    common = rng.standard_normal(DIM)
    middles = common + apart * rng.standard_normal((shots, DIM))
    return np.repeat(middles, 5, axis=0) + drift * rng.standard_normal((shots * 5, DIM))


if __name__ == "__main__":
    main()
