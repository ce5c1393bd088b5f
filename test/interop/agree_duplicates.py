"""`giallo duplicates`: groups as connected components of the whole graph of pairs."""

import numpy as np
from agree_similar import all_shots
from giallo import giallo
from pair_scores import all_cosines
from ranking import TIE, Verdict


def check(collection, rng, queries):
    return [
        check_groups(collection, {}),
        check_groups(collection, {"others": True, "floor": 0.95}),
        check_groups(collection, {"near": 0, "floor": 0.997}),
        check_groups(collection, {"near": 24, "floor": 0.9}),
        check_groups(collection, {"floor": 0.93, "shot_threshold": 0.9}),
    ]


def flags_of(options):
    flags = ["--others"] if options.get("others") else []
    for key, flag in (("floor", "--min-score"), ("near", "--exclude-near"), ("shot_threshold", "--shot-threshold")):
        if key in options:
            flags += [flag, options[key]]
    return flags


def check_groups(collection, options):
    flags = flags_of(options)
    verdict = Verdict(f"duplicates {' '.join(str(flag) for flag in flags)}".strip())
    table = collection.common_table()
    report = giallo("duplicates", "--data", collection.folder, "--json", "--quiet", *flags).json()
    joined, weights = joined_pairs(table, options)
    floor = options.get("floor", 0.98)
    borderline = int(np.sum(np.triu(np.abs(np.nan_to_num(weights, nan=9.0) - floor) < TIE, 1)))
    verdict.excused += borderline
    expected = components(joined)
    expected.sort(key=lambda members: (-len(members), members[0]))
    verdict.check("all", "groups", len(report["groups"]), len(expected))
    for number, (group, members) in enumerate(zip(report["groups"], expected), 1):
        verdict.compared += 1
        check_group(verdict, table, f"group {number}", number, group, members, joined, weights)
    return verdict


def joined_pairs(table, options):
    """Which pairs are joined, [frames x frames] bool, and with what score."""
    weights = all_cosines(table).copy()
    joined = weights >= options.get("floor", 0.98)
    # Zero rows and rows with NaN have no cosine; they are joined if they are equal byte for byte.
    scoreless = np.flatnonzero(table.zero | ~table.finite)
    equal = table.row_id[scoreless][:, None] == table.row_id[scoreless][None, :]
    joined[np.ix_(scoreless, scoreless)] |= equal
    weights[np.ix_(scoreless, scoreless)] = np.where(equal, 1.0, weights[np.ix_(scoreless, scoreless)])
    same_film = table.film_of[:, None] == table.film_of[None, :]
    if options.get("others"):
        joined &= ~same_film
    near = options.get("near", "shot")
    if near == "shot":
        shots = all_shots(table, options.get("shot_threshold"))
        joined &= shots[:, None] != shots[None, :]
    else:
        rows_apart = np.abs(table.index_of[:, None] - table.index_of[None, :])
        joined &= ~(same_film & (rows_apart <= near))
    np.fill_diagonal(joined, False)
    return joined, weights


def components(joined):
    left = set(np.flatnonzero(joined.any(axis=1)).tolist())
    groups = []
    while left:
        group, frontier = set(), {min(left)}
        while frontier:
            group |= frontier
            reached = np.flatnonzero(joined[sorted(frontier)].any(axis=0)).tolist()
            frontier = set(reached) - group
        groups.append(sorted(group))
        left -= group
    return groups


def check_group(verdict, table, place, number, group, members, joined, weights):
    runs = []
    for frame in members:
        film, index = table.place(frame)
        if runs and runs[-1]["film"] == film and runs[-1]["last"] == index - 1:
            runs[-1]["last"] = index
        else:
            runs.append({"film": film, "first": index, "last": index, "filename": table.film_named[film].filenames[index]})
    inside = np.ix_(members, members)
    verdict.check(place, "number", group["group"], number)
    verdict.check(place, "frames", group["frames"], len(members))
    verdict.check(place, "films", group["films"], len({run["film"] for run in runs}))
    verdict.check(place, "runs", group["runs"], runs)
    verdict.check_score(f"{place}, weakest", group["weakest"], weights[inside][joined[inside]].min())
