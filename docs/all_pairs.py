"""The nearest frames of every frame in the other films, by as many machines as there are.

    all_pairs.py <folder> <out> [-k 10] [--scheduler host:8786] [--workers 2] [--keep 64]

<folder> holds what `giallo convert *.npz --to npy -o <folder>` writes: for each film its vectors (<film>.npy, float32, a
row a frame) and its filenames (<film>.txt, or .json). All machines see it, and <out>, under the same path. Each film is one
task for Dask: its rows times those of every other film, by BLAS in float32; the best are scored again as giallo scores, so
that <out>/<film>.ndjson has what `giallo topk --others -k 10 <film>` prints. Films that are in <out> already are left as they
are: a run that was interrupted goes on. Needs numpy and Dask's distributed; Debian has both.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from distributed import Client, LocalCluster, as_completed

ROWS_A_TILE = 2048
LANES = 8
FILMS_OPEN = 256


def main():
    options = parse_options()
    options.out.mkdir(parents=True, exist_ok=True)
    films = {path.stem: np.load(path, mmap_mode="r").shape[1] for path in sorted(options.folder.glob("*.npy"))}
    asked = [film for film in films if not output_of(options.out, film).exists()]
    print(f"{len(films)} films, {len(films) - len(asked)} of them done", file=sys.stderr)
    with connect(options) as client:
        tasks = []
        for film in asked:
            others = [other for other, dim in films.items() if other != film and dim == films[film]]
            arguments = (film, others, options.folder, options.out, options.k, max(options.keep, options.k))
            tasks.append(client.submit(write_nearest, *arguments, pure=False))
        unproven = 0
        for number, task in enumerate(as_completed(tasks), 1):
            film, doubtful = task.result()
            unproven += doubtful
            print(f"{number} of {len(tasks)}: {film}", file=sys.stderr)
    if unproven:
        sys.exit(f"{unproven} frames have more near ties than were kept: start again, in an empty folder, with a larger --keep")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("-k", type=int, default=10, help="nearest frames of each (default: 10)")
    parser.add_argument("--keep", type=int, default=64, help="candidates that are scored again (default: 64)")
    parser.add_argument("--scheduler", help="address of a Dask scheduler (default: one is started here)")
    parser.add_argument("--workers", type=int, default=2, help="processes, where one is started (default: 2)")
    return parser.parse_args()


def connect(options):
    if options.scheduler:
        return Client(options.scheduler)
    return Client(LocalCluster(options.workers, threads_per_worker=1, dashboard_address=None))


def write_nearest(film, others, folder, out, k, keep):
    """Writes one film's answer, whole or not at all; returns its name and how many of its frames may be wrong."""
    rows = Film(folder, film)
    tops = [Candidates(len(tile), keep) for tile in rows.tiles()]
    for number, other in enumerate(others):
        found = Film(folder, other)
        for tile in found.tiles():
            frames = np.arange(tile.start, tile.stop)
            answers = found.unit[tile.start : tile.stop]
            answers_left_out = ~found.is_finite[tile.start : tile.stop]
            for top, asked in zip(tops, rows.tiles()):
                scores = rows.unit[asked.start : asked.stop] @ answers.T
                scores[:, answers_left_out] = -np.inf
                top.add(scores, number, frames)
    doubtful = 0
    films = OpenFilms(folder)
    unfinished = output_of(out, film).with_suffix(".tmp")
    with open(unfinished, "w", encoding="utf-8") as file:
        for frame in range(len(rows.vectors)):
            top = tops[frame // ROWS_A_TILE]
            neighbors, is_proven = [], True
            if rows.can_ask[frame]:
                neighbors, is_proven = top.ranked(frame % ROWS_A_TILE, rows.vectors[frame], k, others, films)
            doubtful += not is_proven
            line = {"film": film, "index": frame, "filename": rows.filenames[frame], "neighbors": neighbors}
            if not rows.can_ask[frame]:
                line["note"] = "zero" if rows.is_finite[frame] else "non-finite"
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    unfinished.rename(output_of(out, film))
    return film, doubtful


def output_of(out, film):
    return out / f"{film}.ndjson"


class Film:
    """A film's rows, mapped from the disk, and of unit length for the product."""

    def __init__(self, folder, name):
        self.vectors = np.load(folder / f"{name}.npy", mmap_mode="r")
        self.filenames = filenames_of(folder, name)
        with np.errstate(invalid="ignore", over="ignore"):
            rows = self.vectors.astype(np.float64)
            norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
            self.is_finite = np.isfinite(norms)
            self.can_ask = self.is_finite & (norms > 0)
            unit = rows / np.where(self.can_ask, norms, 1)[:, np.newaxis]
        unit[~self.can_ask] = 0
        self.unit = unit.astype(np.float32)

    def tiles(self):
        count = len(self.vectors)
        return [range(start, min(start + ROWS_A_TILE, count)) for start in range(0, count, ROWS_A_TILE)]


def filenames_of(folder, name):
    if (folder / f"{name}.json").exists():
        return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return (folder / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")


class OpenFilms(dict):
    """Vectors and filenames of films by their names, opened when first asked for; not too many at a time."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def __missing__(self, name):
        if len(self) == FILMS_OPEN:
            self.clear()
        self[name] = np.load(self.folder / f"{name}.npy", mmap_mode="r"), filenames_of(self.folder, name)
        return self[name]


class Candidates:
    """The best of each row of a tile by float32 scores; of those that were dropped, the best score."""

    def __init__(self, rows, keep):
        self.scores = np.full((rows, keep), -np.inf, np.float32)
        self.films = np.zeros((rows, keep), np.int32)
        self.frames = np.zeros((rows, keep), np.int32)
        self.dropped = np.full(rows, -np.inf, np.float32)

    def add(self, scores, film, frames):
        keep = self.scores.shape[1]
        all_scores = np.concatenate([self.scores, scores], axis=1)
        order = np.argpartition(-all_scores, keep - 1, axis=1)
        kept, dropped = order[:, :keep], order[:, keep:]
        if dropped.shape[1]:
            best = np.take_along_axis(all_scores, dropped, axis=1).max(axis=1)
            self.dropped = np.maximum(self.dropped, best)
        shape = scores.shape
        all_films = np.concatenate([self.films, np.full(shape, film, np.int32)], axis=1)
        all_frames = np.concatenate([self.frames, np.broadcast_to(frames.astype(np.int32), shape)], axis=1)
        self.scores = np.take_along_axis(all_scores, kept, axis=1)
        self.films = np.take_along_axis(all_films, kept, axis=1)
        self.frames = np.take_along_axis(all_frames, kept, axis=1)

    def ranked(self, row, vector, k, names_of, films):
        """The k best by giallo's own score and order, and whether none that was dropped could be among them."""
        places = np.flatnonzero(self.scores[row] > -np.inf)
        names = [names_of[film] for film in self.films[row, places]]
        frames = self.frames[row, places].tolist()
        rows = np.array([films[name][0][frame] for name, frame in zip(names, frames)])
        scores = cosines(vector, rows) if len(rows) else []
        found = sorted((-score, name, frame) for score, name, frame in zip(scores, names, frames))[:k]
        # Sums of float32 products of unit rows, rounded to float32 themselves, are off by less than this.
        bound = (len(vector) + 4) * 2.0**-24
        is_proven = self.dropped[row] == -np.inf or self.dropped[row] + bound < -found[-1][0]
        neighbors = [
            {"film": name, "index": frame, "filename": films[name][1][frame], "score": -score}
            for score, name, frame in found
        ]
        return neighbors, bool(is_proven)


def cosines(vector, rows):
    norms = lane_sums(vector[np.newaxis], vector[np.newaxis]) * lane_sums(rows, rows)
    scores = lane_sums(vector[np.newaxis], rows) / np.sqrt(np.where(norms == 0, 1, norms))
    return np.clip(scores, -1, 1).tolist()


def lane_sums(a, b):
    """giallo's order of additions: the sum over each position modulo 8, one after the other, then those in pairs."""
    dim = b.shape[1]
    products = np.zeros((len(b), -(-dim // LANES) * LANES))
    np.multiply(a, b, out=products[:, :dim], dtype=np.float64)
    lanes = np.cumsum(products.reshape(len(b), -1, LANES), axis=1)[:, -1].T
    return ((lanes[0] + lanes[2]) + (lanes[4] + lanes[6])) + ((lanes[1] + lanes[3]) + (lanes[5] + lanes[7]))


if __name__ == "__main__":
    main()
