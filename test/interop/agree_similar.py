"""`giallo similar`: many questions under every option and under combinations of them."""

import json

import numpy as np
from giallo import giallo
from ranking import Verdict, at_most, check_results
from shots import find_shots

COMBINATIONS = 10


def check(collection, rng, queries):
    verdicts = [check_set(collection, draw_frames(collection, rng, queries), options) for options in single_options(collection)]
    for _ in range(COMBINATIONS):
        options = draw_options(collection, rng)
        verdicts.append(check_set(collection, draw_frames(collection, rng, max(1, queries // 4)), options))
    verdicts.append(check_several(collection, rng, max(4, queries // 10)))
    return verdicts


def single_options(collection):
    first = collection.films[0].name
    last = collection.films[-1].name
    return [
        {},
        {"scope": "all", "k": 10},
        {"scope": "others", "k": 10},
        {"scope": [first, last], "k": 20},
        {"scope": "all", "k": 10, "per_film": 2},
        {"near": 12, "k": 10},
        {"near": "shot", "k": 10},
        {"per_shot": 1, "k": 10},
        {"scope": "all", "per_shot": 2, "k": 10},
        {"scope": "all", "k": 1000, "floor": 0.9},
        {"scope": "all", "metric": "dot", "k": 10},
        {"scope": "all", "metric": "euclidean", "k": 10},
        {"scope": "all", "k": 10**6},
    ]


def draw_options(collection, rng):
    pick = lambda *values: values[rng.integers(len(values))]
    metric = pick("cosine", "cosine", "dot", "euclidean")
    names = [film.name for film in collection.films]
    return {
        "metric": metric,
        "scope": pick("own", "all", "all", "others", [names[i] for i in rng.integers(len(names), size=2)]),
        "k": int(pick(1, 5, 10, 100, 1000)),
        "per_film": pick(None, None, 1, 3),
        "per_shot": pick(None, None, 1, 2),
        "near": pick(0, 1, 30, "shot"),
        "floor": draw_floor(collection, metric, rng) if rng.random() < 0.4 else None,
        "shot_threshold": pick(None, None, None, 0.9, 0.97),
    }


def draw_floor(collection, metric, rng):
    """A closeness that some pairs of frames have and others have not."""
    table = collection.common_table()
    usable = np.flatnonzero(table.finite & ~table.zero)
    scores = table.closeness(metric, table.row(rng.choice(usable)))
    return float(np.quantile(scores[np.isfinite(scores)], rng.choice([0.5, 0.9, 0.99])))


def draw_frames(collection, rng, count):
    films = [film for film in collection.films if film.frames > 0]
    weights = np.array([film.frames for film in films], dtype=float)
    drawn = [films[i] for i in rng.choice(len(films), size=count, p=weights / weights.sum())]
    return [(film, int(rng.integers(film.frames))) for film in drawn]


def flags_of(options):
    metric = options.get("metric", "cosine")
    scope = options.get("scope", "own")
    flags = ["--metric", metric, "-k", options.get("k", 5)]
    if isinstance(scope, list):
        for name in scope:
            flags += ["--in", name]
    elif scope != "own":
        flags.append(f"--{scope}")
    for key, flag in (("per_film", "--per-film"), ("per_shot", "--per-shot"), ("shot_threshold", "--shot-threshold")):
        if options.get(key) is not None:
            flags += [flag, options[key]]
    if options.get("near", 0) != 0:
        flags += ["--exclude-near", options["near"]]
    if options.get("floor") is not None:
        euclidean = metric == "euclidean"
        flags += [f"--max-distance={-options['floor']!r}" if euclidean else f"--min-score={options['floor']!r}"]
    return flags


def check_set(collection, frames, options):
    flags = flags_of(options)
    verdict = Verdict(f"similar {' '.join(str(flag) for flag in flags)}")
    lines = "".join(f"{film.name}\t{index}\n" for film, index in frames)
    run = giallo("similar", "--data", collection.folder, "--queries", "-", "--quiet", *flags, stdin=lines)
    answers = run.ndjson()
    verdict.check("all", "answers", len(answers), len(frames))
    asker = Asker(collection, options)
    for (film, index), answer in zip(frames, answers):
        asker.check(verdict, [(film, index)], "mean", answer)
    return verdict


def check_several(collection, rng, count):
    """Several frames in one question: one run each."""
    verdict = Verdict("similar of several frames")
    for _ in range(count):
        metric = ["cosine", "dot", "euclidean"][rng.integers(3)]
        combine = ["mean", "max"][rng.integers(2)]
        options = {"metric": metric, "scope": "all", "k": 10, "near": int(rng.choice([0, 5]))}
        frames = [draw_frames(collection, rng, 1)[0]]
        film = frames[0][0]
        frames += [(film, int(rng.integers(film.frames))) for _ in range(rng.integers(3))]
        same_dim = [other for other in collection.films if other.dim == film.dim and other.frames > 0]
        other = same_dim[rng.integers(len(same_dim))]
        frames.append((other, int(rng.integers(other.frames))))
        own = [index for _, index in frames[:-1]]
        flags = [*flags_of(options), "--combine", combine, "--and", f"{other.name}:{frames[-1][1]}"]
        run = giallo("similar", film.name, *own, "--data", collection.folder, "--json", "--quiet", *flags)
        answer = run.json() if run.status == 0 else json.loads(run.stderr)
        Asker(collection, options).check(verdict, frames, combine, answer)
    return verdict


class Asker:
    """Knows the options of a set of questions, and what must come out of each."""

    def __init__(self, collection, options):
        self.collection = collection
        self.options = options
        self.metric = options.get("metric", "cosine")
        self.shot_ids = {}

    def check(self, verdict, frames, combine, answer):
        place = ", ".join(f"{film.name} {index}" for film, index in frames)
        table = self.collection.tables[frames[0][0].dim]
        numbers = [table.number(film.name, index) for film, index in frames]
        unusable = any(not table.finite[n] or (table.zero[n] and self.metric == "cosine") for n in numbers)
        if unusable or "error" in answer:
            verdict.compared += 1
            code = answer.get("error", {}).get("code")
            return verdict.check(place, "error", code, "query-unusable" if unusable else None)
        vectors = np.stack([table.row(n) for n in numbers])
        if combine == "mean" and len(vectors) > 1:
            mean, is_open = mean_vector(self.metric, vectors)
            if is_open:
                verdict.excused += 1
                return None
            vectors = mean[None, :]
        with np.errstate(all="ignore"):
            closeness = table.closeness(self.metric, vectors).max(axis=0)
        in_scope = self.films_in_scope(table, [film for film, _ in frames])
        verdict.check(place, "query", answer["query"], [
            {"film": film.name, "index": index, "filename": film.filenames[index]} for film, index in frames
        ])
        verdict.check(place, "searched", answer["searched"], searched(table, in_scope))
        return self.check_ranking(verdict, place, table, numbers, closeness, in_scope, answer["results"])

    def films_in_scope(self, table, asked):
        scope = self.options.get("scope", "own")
        asked = {film.name for film in asked}
        if scope == "own":
            names = asked
        elif scope == "all":
            names = set(table.film_named)
        elif scope == "others":
            names = set(table.film_named) - asked
        else:
            names = set(scope)
        return [film for film in table.films if film.name in names]

    def check_ranking(self, verdict, place, table, numbers, closeness, in_scope, results):
        eligible = np.zeros(table.frames, dtype=bool)
        for film in in_scope:
            eligible[table.rows_of(film)] = True
        for number in numbers:
            eligible[self.near(table, number)] = False
        closeness = np.where(eligible, closeness, np.nan)
        shots = self.shots(table) if self.options.get("per_shot") is not None else None
        takes = at_most((self.options.get("per_film"), table.film_of), (self.options.get("per_shot"), shots))
        tie_ids = lambda frame: -1 if table.zero[frame] and self.metric == "cosine" else int(table.row_id[frame])
        verdict.check(place, "ranks", [result["rank"] for result in results], list(range(1, len(results) + 1)))
        k, floor = self.options.get("k", 5), self.options.get("floor")
        check_results(verdict, place, table, results, closeness, self.metric, k, tie_ids, takes, floor)

    def near(self, table, number):
        """The frames of the same film that are too near to a frame asked about."""
        near = self.options.get("near", 0)
        same_film = table.film_of == table.film_of[number]
        if near == "shot":
            shots = self.shots(table)
            return same_film & (shots == shots[number])
        return same_film & (np.abs(table.index_of - table.index_of[number]) <= near)

    def shots(self, table):
        """The shot of each frame, numbered through all films."""
        if table.dim not in self.shot_ids:
            self.shot_ids[table.dim] = all_shots(table, self.options.get("shot_threshold"))
        return self.shot_ids[table.dim]


def all_shots(table, threshold=None):
    ids, first = [], 0
    for film in table.films:
        shots = find_shots(film.rows, threshold)
        ids.append(shots.shot_of + first)
        first += shots.count
    return np.concatenate(ids)


def searched(table, films):
    rows = np.concatenate([np.arange(table.frames)[table.rows_of(film)] for film in films] or [np.zeros(0, int)])
    return {
        "films": len(films),
        "frames": len(rows),
        "zero": int(table.zero[rows].sum()),
        "nonFinite": int((~table.finite[rows]).sum()),
    }


def mean_vector(metric, vectors):
    """The float64 mean, summed in the order given and rounded once to float32; and whether numpy's own rounding decides
    it: a length that differs in its last bit moves a number over the middle of two float32."""
    if metric == "cosine":
        vectors = vectors / np.sqrt((vectors * vectors).sum(axis=1))[:, None]
    mean = sum(vectors) / len(vectors)
    rounded = mean.astype(np.float32)
    slack = 1e-15 * np.abs(vectors).sum(axis=0) if metric == "cosine" else np.zeros_like(mean)
    neighbours = [np.nextafter(rounded, np.float32(side)) for side in (-np.inf, np.inf)]
    middles = [(rounded.astype(np.float64) + other.astype(np.float64)) / 2 for other in neighbours]
    is_open = any(np.any((np.abs(mean - middle) <= slack) & (slack > 0)) for middle in middles)
    return rounded.astype(np.float64), bool(is_open)
