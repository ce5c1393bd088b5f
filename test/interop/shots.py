"""Shots as src/ranking/shots.ts defines them, written again from that definition.

The distance of two frames is 1 - cosine. Otsu's threshold splits the distances of consecutive frames into two classes;
it is trusted where the upper class's mean is at least CONTRAST times the lower's and at least half the film's typical
distance (the mean over all pairs of frames with a direction). Then a step of at least half the threshold is a cut as well
where it is at least PEAK_RATIO times each of the PEAK_REACH steps before and after it. Else a median step below half the typical distance says
that the film is one shot; else every frame is a shot. Steps from an all-zero row to the next are no steps; a row that is
not finite joins the shot before, and the step after it is from the last finite row.
"""

import numpy as np

CONTRAST = 6
PEAK_RATIO = 3
PEAK_REACH = 2


class Shots:
    def __init__(self, kind, threshold, shot_of):
        self.kind = kind
        self.threshold = threshold
        self.shot_of = np.array(shot_of, dtype=int)
        self.count = int(self.shot_of[-1]) + 1 if len(shot_of) else 0

    def frames(self, shot):
        return np.flatnonzero(self.shot_of == shot)


def find_shots(rows, threshold=None):
    rows = rows.astype(np.float64)
    with np.errstate(all="ignore"):
        n2 = (rows * rows).sum(axis=1) if len(rows) else np.zeros(0)
    finite = np.flatnonzero(np.isfinite(n2))
    before, after = finite[:-1], finite[1:]
    cosines = cosine_of(rows[before], rows[after], n2[before], n2[after]) if len(finite) > 1 else np.zeros(0)
    both_zero = (n2[before] == 0) & (n2[after] == 0)
    is_peak = np.zeros(len(after), dtype=bool)
    if threshold is not None:
        kind, cut = "cuts", threshold
    else:
        # Two consecutive black frames are not a step.
        is_step = ~(both_zero & (after - before == 1))
        distances = np.maximum(0, 1 - cosines[is_step])
        kind, cut = judge(distances, typical_distance(rows, n2))
        if kind == "cuts":
            is_peak[is_step] = peaks(distances, (1 - cut) / 2)
    shot_of = np.zeros(len(rows), dtype=int)
    for step, frame in enumerate(after):
        if kind == "stills":
            is_cut = True
        else:
            is_cut = kind == "cuts" and (cosines[step] < cut or is_peak[step]) and not both_zero[step]
        shot_of[frame:] += int(is_cut)
    return Shots(kind, cut, shot_of)


def cosine_of(a, b, n2_a, n2_b):
    norms = np.sqrt(n2_a * n2_b)
    dots = (a * b).sum(axis=1)
    return np.where(norms == 0, 0.0, np.clip(dots / np.where(norms == 0, 1, norms), -1, 1))


def typical_distance(rows, n2):
    """Mean of 1 - cosine over all pairs, by all pairs."""
    directed = np.isfinite(n2) & (n2 > 0)
    units = rows[directed] / np.sqrt(n2[directed])[:, None]
    if len(units) < 2:
        return np.nan
    cosines = units @ units.T
    return 1 - cosines[np.triu_indices(len(units), 1)].mean()


def judge(distances, typical):
    if len(distances) == 0:
        return "continuous", None
    ordered = np.sort(distances)
    best = otsu(ordered)
    if best is not None:
        threshold, lower, upper = best
        if upper >= CONTRAST * lower and upper >= typical / 2:
            return "cuts", 1 - threshold
    median = ordered[len(ordered) // 2]
    return ("continuous" if median < typical / 2 or median < 1e-12 else "stills"), None


def peaks(distances, least):
    padded = np.pad(distances, PEAK_REACH)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * PEAK_REACH + 1)
    greatest = np.delete(around, PEAK_REACH, axis=1).max(axis=1)
    return (distances >= least) & (distances >= PEAK_RATIO * greatest)


def otsu(ordered):
    """The split with the greatest variance between the classes: (midpoint, mean below, mean above)."""
    counts = np.arange(1, len(ordered))
    counts = counts[ordered[1:] > ordered[:-1]]
    if len(counts) == 0:
        return None
    sums = np.cumsum(ordered)
    below = sums[counts - 1] / counts
    above = (sums[-1] - sums[counts - 1]) / (len(ordered) - counts)
    best = np.argmax(counts * (len(ordered) - counts) * (above - below) ** 2)
    count = counts[best]
    return (ordered[count - 1] + ordered[count]) / 2, below[best], above[best]
