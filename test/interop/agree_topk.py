"""`giallo topk`: the neighbours of every frame, the whole dump."""

import numpy as np
from agree_similar import Asker, draw_floor
from giallo import giallo
from ranking import Verdict

# How many rows are scored at once: [rows x frames] float64.
BLOCK = 512


def check(collection, rng, queries):
    floor = draw_floor(collection, "cosine", rng)
    return [
        check_dump(collection, {"scope": "all", "k": 10}, []),
        check_dump(
            collection,
            {"scope": "others", "k": 7, "per_film": 3, "per_shot": 1, "floor": floor},
            ["--others", "--per-film", 3, "--per-shot", 1, f"--min-score={floor!r}"],
        ),
        check_dump(
            collection,
            {"scope": "all", "k": 4, "near": "shot", "metric": "dot"},
            ["--exclude-near", "shot", "--metric", "dot"],
        ),
    ]


def check_dump(collection, options, flags):
    flags = ["-k", options["k"], *flags]
    verdict = Verdict(f"topk {' '.join(str(flag) for flag in flags)}")
    table = collection.common_table()
    lines = giallo("topk", "--data", collection.folder, "--quiet", *flags).ndjson()
    verdict.check("all", "frames", len(lines), table.frames)
    asker = Asker(collection, options)
    for start in range(0, min(len(lines), table.frames), BLOCK):
        frames = np.arange(start, min(start + BLOCK, table.frames))
        queries = np.where(table.finite[frames, None], table.unique[table.row_id[frames]], 0)
        block = table.closeness(options.get("metric", "cosine"), queries)
        for frame, closeness, line in zip(frames, block, lines[start:]):
            check_frame(verdict, asker, table, int(frame), closeness, line)
    return verdict


def check_frame(verdict, asker, table, frame, closeness, line):
    film, index = table.place(frame)
    place = f"{film} {index}"
    named = table.film_named[film]
    verdict.check(place, "line", (line["film"], line["index"], line["filename"]), (film, index, named.filenames[index]))
    note = None if table.finite[frame] else "non-finite"
    if note is None and table.zero[frame] and asker.metric == "cosine":
        note = "zero"
    verdict.check(place, "note", line.get("note"), note)
    if note is not None:
        verdict.compared += 1
        return verdict.check(place, "neighbors", line["neighbors"], [])
    ranked = [{"rank": i + 1, **neighbor} for i, neighbor in enumerate(line["neighbors"])]
    in_scope = asker.films_in_scope(table, [named])
    return asker.check_ranking(verdict, place, table, [frame], closeness, in_scope, ranked)
