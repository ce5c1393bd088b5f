"""`giallo search`: vectors made elsewhere, in every form that they may come in."""

import io
import json

import numpy as np
from agree_similar import Asker, draw_options, flags_of, searched
from giallo import giallo
from ranking import Verdict

SETS = 8


def check(collection, rng, queries):
    return [check_set(collection, rng, max(2, queries // SETS), draw(collection, rng)) for _ in range(SETS)]


def draw(collection, rng):
    """Options without those that speak of a query's film."""
    options = draw_options(collection, rng)
    scope = options["scope"] if isinstance(options["scope"], list) else "all"
    return {**options, "scope": scope, "near": 0}


def check_set(collection, rng, count, options):
    table = collection.common_table()
    vectors = draw_vectors(table, rng, count)
    form = ["npy", "npz", "json", "ndjson", "raw"][rng.integers(5)]
    data, extra = write(form, vectors)
    vectors = vectors[:1] if form == "raw" else vectors
    scope = [flag for name in options["scope"] for flag in ("--in", name)] if isinstance(options["scope"], list) else []
    flags = [*flags_of({**options, "scope": "own"}), *scope, *extra]
    verdict = Verdict(f"search of {form} {' '.join(str(flag) for flag in flags)}")
    report = giallo("search", "--vector", "-", "--data", collection.folder, "--json", "--quiet", *flags, stdin=data).json()
    asker = Asker(collection, options)
    in_scope = asker.films_in_scope(table, [])
    verdict.check("all", "answers", [answer["query"] for answer in report["answers"]], list(range(len(vectors))))
    verdict.check("all", "searched", report["searched"], searched(table, in_scope))
    # Query vectors are rounded to float32 once.
    rounded = vectors.astype(np.float32).astype(np.float64)
    for answer, vector in zip(report["answers"], rounded):
        closeness = table.closeness(asker.metric, vector)[0]
        asker.check_ranking(verdict, f"vector {answer['query']}", table, [], closeness, in_scope, answer["results"])
    return verdict


def draw_vectors(table, rng, count):
    """Rows of films, a bit off, and directions of nothing: float64, so that rounding matters."""
    usable = np.flatnonzero(table.finite & ~table.zero)
    rows = np.stack([table.row(frame) for frame in rng.choice(usable, size=count)])
    noise = rng.standard_normal(rows.shape) * np.std(rows) * rng.choice([0, 0.01, 1], size=(count, 1))
    return rows + noise


def write(form, vectors):
    """The bytes, and the flags that they need."""
    file = io.BytesIO()
    if form == "npy":
        np.save(file, vectors)
        return file.getvalue(), []
    if form == "npz":
        np.savez(file, query=vectors)
        return file.getvalue(), []
    if form == "json":
        return json.dumps(vectors.tolist()).encode(), []
    if form == "ndjson":
        return "".join(json.dumps(vector) + "\n" for vector in vectors.tolist()).encode(), []
    return vectors[0].astype("<f4").tobytes(), ["--raw"]
