"""`giallo pairs`: the greedy choice over all pairs of frames, in full."""

import numpy as np
from agree_similar import all_shots
from giallo import giallo
from pair_scores import all_cosines, tie_id
from ranking import Verdict, choose

# Above this cosine two frames are the same picture, which `pairs` leaves out by default.
CEILING = 0.98
# How many of the best pairs are tried first; if they are too few, all pairs are used.
FIRST = 3_000_000


def check(collection, rng, queries):
    return [
        check_pairs(collection, {}),
        check_pairs(collection, {"k": 40, "within": True}),
        check_pairs(collection, {"k": 200, "per_shot": 3, "floor": 0.8, "ceiling": 1}),
        check_pairs(collection, {"k": 10**6, "within": True, "floor": 0.95, "shot_threshold": 0.9}),
    ]


def flags_of(options):
    flags = ["-k", options.get("k", 100)] + (["--all"] if options.get("within") else [])
    for key, flag in (("per_shot", "--per-shot"), ("floor", "--min-score"), ("ceiling", "--max-score"), ("shot_threshold", "--shot-threshold")):
        if key in options:
            flags += [flag, options[key]]
    return flags


def check_pairs(collection, options):
    flags = flags_of(options)
    verdict = Verdict(f"pairs {' '.join(str(flag) for flag in flags)}")
    table = collection.common_table()
    shots = all_shots(table, options.get("shot_threshold"))
    report = giallo("pairs", "--data", collection.folder, "--json", "--quiet", *flags).json()
    first_shot = {film.name: shots[table.starts[film.name]] for film in table.films if film.frames > 0}
    found = []
    for rank, pair in enumerate(report["pairs"], 1):
        frames = []
        for side in ("a", "b"):
            place, film = pair[side], table.film_named[pair[side]["film"]]
            frames.append(table.number(film.name, place["index"]))
            verdict.check(f"pair {rank}", "filename", place["filename"], film.filenames[place["index"]])
            verdict.check(f"pair {rank}", "shot", place["shot"], int(shots[frames[-1]] - first_shot[film.name]))
        verdict.check(f"pair {rank}", "rank", pair["rank"], rank)
        found.append(tuple(frames))
    scores = all_cosines(table)
    for (a, b), pair in zip(found, report["pairs"]):
        verdict.check_score(f"pair {table.place(a)} {table.place(b)}", pair["score"], scores[a, b])
    own_order = [(-pair["score"], *frames) for pair, frames in zip(report["pairs"], found)]
    verdict.check("all", "order", own_order, sorted(own_order))
    verdict.compared += len(found)
    compare_choice(verdict, table, scores, shots, found, options)
    return verdict


def compare_choice(verdict, table, scores, shots, found, options):
    a, b = np.triu_indices(table.frames, 1)
    other = shots[a] != shots[b] if options.get("within") else table.film_of[a] != table.film_of[b]
    wanted = other & table.finite[a] & table.finite[b]
    wanted &= ~(scores[a, b] > options.get("ceiling", CEILING))
    a, b = a[wanted], b[wanted]
    values = scores[a, b]
    if len(values) > FIRST:
        least = np.partition(values, len(values) - FIRST)[len(values) - FIRST]
        few = values >= least
        expected = expected_pairs(table, a[few], b[few], values[few], shots, found, options)
        if len(expected) == options.get("k", 100):
            return report_difference(verdict, table, scores, found, expected)
    return report_difference(
        verdict, table, scores, found, expected_pairs(table, a, b, values, shots, found, options)
    )


def expected_pairs(table, a, b, values, shots, found, options):
    per_shot = options.get("per_shot", 1)
    uses = {}

    def takes(pair):
        keys = (shots[a[pair]], shots[b[pair]])
        if any(uses.get(key, 0) >= per_shot for key in keys):
            return False
        for key in keys:
            uses[key] = uses.get(key, 0) + 1
        return True

    numbers = {(int(a[i]), int(b[i])): i for i in candidates_of(found, a, b)}
    returned = [numbers[pair] for pair in found if pair in numbers]
    chosen = choose(
        values,
        returned,
        options.get("k", 100),
        takes,
        lambda pair: tie_id(table, a[pair], b[pair]),
        options.get("floor"),
    )
    return [(int(a[i]), int(b[i])) for i in chosen]


def candidates_of(found, a, b):
    """Where the found pairs stand among all pairs, which are sorted by both frames."""
    keys = a.astype(np.int64) * 2**31 + b
    wanted = np.array([first * 2**31 + second for first, second in found], dtype=np.int64)
    at = np.searchsorted(keys, wanted)
    return [int(i) for i, key in zip(at, wanted) if i < len(keys) and keys[i] == key]


def report_difference(verdict, table, scores, found, expected):
    if found == expected:
        return
    at = next((i for i, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]), min(len(found), len(expected)))
    say = lambda pairs: f"{table.place(pairs[at][0])} {table.place(pairs[at][1])} {scores[pairs[at]]!r}" if at < len(pairs) else "nothing"
    verdict.disagree(
        f"pair {at + 1}", f"{len(found)} found, {len(expected)} expected; found {say(found)}, expected {say(expected)}"
    )
