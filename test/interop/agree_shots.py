"""`giallo shots`: every film, by its own threshold and by two given ones."""

import numpy as np
from giallo import giallo
from ranking import Verdict
from shots import find_shots

THRESHOLDS = [None, 0.9, 0.97]


def check(collection, rng, queries):
    return [check_threshold(collection, threshold) for threshold in THRESHOLDS]


def check_threshold(collection, threshold):
    flags = [] if threshold is None else ["--shot-threshold", threshold]
    verdict = Verdict(f"shots {' '.join(str(flag) for flag in flags)}".strip())
    for film in collection.films:
        report = giallo("shots", film.name, "--data", collection.folder, "--json", "--quiet", *flags).json()
        check_film(verdict, film, report, find_shots(film.rows, threshold))
        verdict.compared += 1
    return verdict


def check_film(verdict, film, report, expected):
    verdict.check(film.name, "kind", report["kind"], expected.kind)
    if expected.threshold is None:
        verdict.check(film.name, "threshold", report["threshold"], None)
    else:
        verdict.check_score(f"{film.name}, threshold", report["threshold"], expected.threshold)
    found = [(shot["first"], shot["last"]) for shot in report["shots"]]
    frames = [expected.frames(shot) for shot in range(expected.count)]
    if found != [(int(each[0]), int(each[-1])) for each in frames]:
        return verdict.disagree(film.name, f"{len(found)} shots, {len(frames)} expected, or other borders")
    for shot, mine in zip(report["shots"], frames):
        place = f"{film.name} shot {shot['shot']}"
        verdict.check(place, "frames", shot["frames"], len(mine))
        check_representative(verdict, place, film, shot["representative"], mine)
        verdict.check(place, "filename", shot["filename"], film.filenames[shot["representative"]])
    return None


def check_representative(verdict, place, film, found, frames):
    """The first of those closest to the mean direction of the shot, rounded to float32."""
    rows = film.rows[frames].astype(np.float64)
    with np.errstate(all="ignore"):
        n2 = (rows * rows).sum(axis=1)
    directed = np.isfinite(n2) & (n2 > 0)
    if not directed.any():
        return verdict.check(place, "representative", found, int(frames[0]))
    units = rows[directed] / np.sqrt(n2[directed])[:, None]
    mean = units.mean(axis=0).astype(np.float32).astype(np.float64)
    scores = units @ mean / np.sqrt(mean @ mean) if mean.any() else np.zeros(len(units))
    candidates = frames[directed]
    if found not in candidates:
        return verdict.disagree(place, f"representative {found} is not a frame of the shot that has a direction")
    # If one number of a mean is rounded the other way, scores change by about 1e-9.
    at = int(np.flatnonzero(candidates == found)[0])
    if scores[at] < scores.max() - 1e-8:
        return verdict.disagree(place, f"representative {found} has {scores[at]!r}, the best {scores.max()!r}")
    equal = [frame for frame in candidates if film.rows[frame].tobytes() == film.rows[found].tobytes()]
    return verdict.check(place, "representative among equal rows", found, int(equal[0]))
