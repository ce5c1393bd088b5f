"""Writes a seeded collection of films as np.savez_compressed archives: generate.py <folder> <films> <frames> <dim>

Random vectors would be a bad test: they have no near neighbours and are the same in every direction. These are like
those that a network makes of a film. A film consists of scenes; a scene has a few camera set-ups, between which its
shots change; a shot is a run of frames that drift. The differences follow a power law over the directions, and a
direction common to all frames has three quarters of the energy. So the first 128 directions have 99 %, as in real
features (98.8 % was measured). Vectors are of unit length. Their numbers use all bits of float32, so deflate saves at
most a twelfth.

Film number n is the same whatever the number of films. Films that exist are kept.
"""

import os

# One thread in each process, since there is a process for each core.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np

SEED = 1963
DIRECTIONS = 1024
DECAY = 0.72  # the i-th direction has a standard deviation of i ** -DECAY
COMMON_SHARE = 0.77  # of the energy lies along the direction common to all frames
SHARES = {"film": 0.2, "scene": 0.35, "setup": 0.35, "frame": 0.1}  # of the rest
SHOTS_A_SCENE, SETUPS_A_SCENE, FRAMES_A_SHOT = 12, 3, 8
DRIFT = 0.7  # what a frame keeps of the frame before


def main(folder, films, frames, dim):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(int(films)) if not film_path(folder, number).exists()]
    with Pool() as pool:
        pool.map(partial(write_film, folder, int(frames), int(dim)), missing, chunksize=1)


def film_path(folder, number):
    return folder / f"Film.{number:03}.npz"


def write_film(folder, frames, dim, number):
    path = film_path(folder, number)
    names = [f"{path.stem}_{frame + 1:06}.jpg" for frame in range(frames)]
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    with open(unfinished, "wb") as file:
        np.savez_compressed(file, filenames=np.array(names), embeddings=film_vectors(number, frames, dim))
    unfinished.rename(path)


def film_vectors(number, frames, dim):
    rng = np.random.default_rng([SEED, number])
    spread = np.arange(1, DIRECTIONS + 1) ** -DECAY
    spread *= np.sqrt((1 - COMMON_SHARE) / np.sum(spread**2))

    def draw(share, *shape):
        return rng.standard_normal((*shape, DIRECTIONS)) * spread * np.sqrt(SHARES[share])

    shots = shot_of_frames(rng, frames)
    scenes = np.arange(shots[-1] + 1) // SHOTS_A_SCENE
    setups = rng.integers(SETUPS_A_SCENE, size=len(scenes))
    of_shot = draw("scene", scenes[-1] + 1)[scenes] + draw("setup", scenes[-1] + 1, SETUPS_A_SCENE)[scenes, setups]
    of_frame = drifting(draw("frame", frames))
    return placed(draw("film") + of_shot[shots] + of_frame, dim)


def shot_of_frames(rng, frames):
    """The shot of each frame, numbered from 0; lengths are geometric."""
    is_cut = rng.random(frames) < 1 / FRAMES_A_SHOT
    is_cut[0] = False
    return np.cumsum(is_cut)


def drifting(steps):
    """Each frame keeps a part of the frame before; all have the variance of a single step."""
    for i in range(1, len(steps)):
        steps[i] = DRIFT * steps[i - 1] + np.sqrt(1 - DRIFT**2) * steps[i]
    return steps


def placed(coordinates, dim):
    """Turns coordinates into unit vectors of `dim` numbers, with directions that all films share."""
    rng = np.random.default_rng(SEED)
    common = rng.standard_normal(dim, dtype=np.float32) / np.sqrt(dim)
    directions = rng.standard_normal((DIRECTIONS, dim), dtype=np.float32) / np.sqrt(dim)
    vectors = np.sqrt(COMMON_SHARE) * common + coordinates.astype(np.float32) @ directions
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


if __name__ == "__main__":
    main(*sys.argv[1:])
