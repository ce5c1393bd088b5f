"""What the answer to a question has to be, and where numpy's own rounding leaves it open.

Scores are compared within TOLERANCE. The order is closeness, then film by code points, then index. numpy adds in another
order than giallo, so two scores that differ by less than TIE may stand in either order in exact arithmetic: consecutive
candidates whose numpy scores differ by less than TIE form a class, and within a class those that giallo returned are
taken first, in giallo's order. Two candidates are never excused by that if their scores are equal by definition, which
`tie_ids` says (the same row against the same query): these must come in the stated order.
"""

import numpy as np

TOLERANCE = 1e-9
TIE = 1e-12


class Verdict:
    """What was compared, and every disagreement."""

    def __init__(self, name):
        self.name = name
        self.compared = 0
        self.excused = 0
        self.worst = 0.0
        self.disagreements = []

    def disagree(self, place, what):
        self.disagreements.append(f"{self.name}: {place}: {what}")

    def check(self, place, what, found, expected):
        if found != expected:
            self.disagree(place, f"{what}: giallo says {found!r}, numpy {expected!r}")

    def check_score(self, place, found, expected):
        if found is None or expected is None or np.isnan(expected):
            self.disagree(place, f"score: giallo says {found!r}, numpy {expected!r}")
            return
        difference = abs(found - expected) / max(1.0, abs(expected))
        self.worst = max(self.worst, difference)
        if not difference <= TOLERANCE:
            self.disagree(place, f"score: giallo says {found!r}, numpy {expected!r}")

    def line(self):
        state = f"{len(self.disagreements)} disagreements" if self.disagreements else "agrees"
        excused = f", {self.excused} left open by rounding" if self.excused else ""
        return f"{self.name}: {state}; {self.compared} answers, scores within {self.worst:.1e}{excused}"


def choose(closeness, returned, limit, takes, tie_ids, floor=None):
    """The candidates that a greedy choice, closest first, takes.

    closeness: one a candidate, in the order that breaks ties; NaN where it cannot be chosen
    returned: what giallo chose, in its order
    takes: called with each candidate whose turn it is; says whether no limit forbids it, and counts it
    """
    position = {candidate: i for i, candidate in enumerate(returned)}
    wanted = ~np.isnan(closeness)
    if floor is not None:
        slack = TIE * max(1.0, abs(floor))
        wanted &= closeness >= floor - slack
        for candidate in np.flatnonzero(wanted & (np.abs(closeness - floor) < slack)):
            wanted[candidate] = candidate in position
    candidates = np.flatnonzero(wanted)
    order = candidates[np.argsort(-closeness[candidates], kind="stable")]
    sorted_closeness = closeness[order]
    gaps = -np.diff(sorted_closeness)
    class_ends = np.append(np.flatnonzero(gaps >= TIE * np.maximum(1, np.abs(sorted_closeness[1:]))) + 1, len(order))
    chosen = []
    start = 0
    for end in class_ends:
        for candidate in in_class_order(order[start:end], position, tie_ids):
            if len(chosen) == limit:
                return chosen
            if takes(candidate):
                chosen.append(int(candidate))
        start = end
    return chosen


def in_class_order(members, position, tie_ids):
    """Those that giallo returned first; but a true tie keeps its order: who stands before a returned one goes with it."""
    if len(members) == 1:
        return members
    priority = {}
    soonest = {}
    for member in sorted(members, reverse=True):
        tie = tie_ids(member)
        soonest[tie] = min(soonest.get(tie, np.inf), position.get(int(member), np.inf))
        priority[member] = soonest[tie]
    return sorted(members, key=lambda member: (priority[member], member))


def at_most(*limits):
    """A `takes` for limits, each (n or None, key of each candidate): at most n of any one key."""
    active = [(n, keys, {}) for n, keys in limits if n is not None]

    def takes(candidate):
        if any(counts.get(keys[candidate], 0) >= n for n, keys, counts in active):
            return False
        for _, keys, counts in active:
            counts[keys[candidate]] = counts.get(keys[candidate], 0) + 1
        return True

    return takes


def check_results(verdict, place, table, results, closeness, metric, k, tie_ids, takes, floor=None):
    """Compares one list of results (film, index, filename, score), closest first, with what numpy chooses."""
    verdict.compared += 1
    sign = -1 if metric == "euclidean" else 1
    returned = []
    for result in results:
        if result["film"] not in table.film_named:
            return verdict.disagree(place, f"found a frame of {result['film']}, which is of another dim or unknown")
        film = table.film_named[result["film"]]
        frame = table.number(film.name, result["index"])
        returned.append(frame)
        verdict.check(place, "filename", result["filename"], film.filenames[result["index"]])
        verdict.check_score(f"{place}, {result['film']} {result['index']}", sign * result["score"], closeness[frame])
    own_order = [(-sign * result["score"], frame) for result, frame in zip(results, returned)]
    if own_order != sorted(set(own_order)):
        verdict.disagree(place, f"results are not in order: {own_order}")
    expected = choose(closeness, returned, k, takes, tie_ids, floor)
    if expected == returned:
        return None
    first = next((i for i, pair in enumerate(zip(expected, returned)) if pair[0] != pair[1]), min(len(expected), len(returned)))
    say = lambda frames: f"{table.place(frames[first])} {closeness[frames[first]]!r}" if first < len(frames) else "nothing"
    return verdict.disagree(
        place,
        f"{len(returned)} results, {len(expected)} expected; number {first + 1} is {say(returned)}, expected {say(expected)}",
    )
