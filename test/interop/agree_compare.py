"""`giallo compare`: every film with every other, value and witnesses."""

import numpy as np
from giallo import giallo
from pair_scores import all_cosines, tie_id
from ranking import TIE, Verdict
from shots import find_shots

WITNESSES = 3


def check(collection, rng, queries):
    return [check_matrix(collection, None), check_matrix(collection, 0.9)]


def check_matrix(collection, threshold):
    flags = [] if threshold is None else ["--shot-threshold", threshold]
    verdict = Verdict(f"compare {' '.join(str(flag) for flag in flags)}".strip())
    table = collection.common_table()
    report = giallo("compare", "--data", collection.folder, "--json", "--quiet", *flags).json()
    scores = all_cosines(table)
    verdict.check("all", "films", report["films"], [film.name for film in table.films])
    expected = [(film, other) for film in table.films for other in table.films if film is not other]
    found = [(one["film"], one["other"]) for one in report["comparisons"]]
    verdict.check("all", "comparisons", found, [(film.name, other.name) for film, other in expected])
    shots = {film.name: find_shots(film.rows, threshold) for film in table.films}
    for (film, other), comparison in zip(expected, report["comparisons"]):
        verdict.compared += 1
        cosines = scores[table.rows_of(film), table.rows_of(other)]
        check_comparison(verdict, table, film, other, shots[film.name], cosines, comparison)
    return verdict


def check_comparison(verdict, table, film, other, shots, cosines, comparison):
    place = f"{film.name} in {other.name}"
    best = {}
    for shot in range(shots.count):
        mine = cosines[shots.frames(shot)]
        if mine.size and not np.isnan(mine).all():
            best[shot] = float(np.nanmax(mine))
    if not best:
        verdict.check(place, "value", comparison["value"], None)
        return verdict.check(place, "witnesses", comparison["witnesses"], [])
    verdict.check_score(f"{place}, value", comparison["value"], float(np.mean(list(best.values()))))
    witnesses = comparison["witnesses"]
    verdict.check(place, "witnesses", len(witnesses), min(WITNESSES, len(best)))
    verdict.check(place, "shots of witnesses", len({witness["shot"] for witness in witnesses}), len(witnesses))
    order = [(-witness["score"], witness["index"]) for witness in witnesses]
    verdict.check(place, "order of witnesses", order, sorted(order))
    for witness in witnesses:
        check_witness(verdict, place, table, film, other, shots, cosines, best, witness)
    left = [score for shot, score in best.items() if shot not in {witness["shot"] for witness in witnesses}]
    if left and max(left) > min(best[witness["shot"]] for witness in witnesses) + TIE:
        verdict.disagree(place, f"a shot with {max(left)!r} is better than a witness")
    return None


def check_witness(verdict, place, table, film, other, shots, cosines, best, witness):
    index, other_index, shot = witness["index"], witness["otherIndex"], witness["shot"]
    place = f"{place}, witness {index} {other_index}"
    verdict.check(place, "shot", shot, int(shots.shot_of[index]))
    verdict.check(place, "filename", witness["filename"], film.filenames[index])
    verdict.check(place, "otherFilename", witness["otherFilename"], other.filenames[other_index])
    verdict.check_score(place, witness["score"], cosines[index, other_index])
    if cosines[index, other_index] < best[shot] - TIE:
        verdict.disagree(place, f"{cosines[index, other_index]!r} is not the best of its shot, {best[shot]!r}")
    # Of pairs with equal cosines, the first by index, then by the other index.
    start, other_start = table.starts[film.name], table.starts[other.name]
    mine = tie_id(table, start + index, other_start + other_index)
    frames = shots.frames(shot)
    near = np.argwhere(np.abs(cosines[frames] - cosines[index, other_index]) < TIE)
    for row, column in near:
        frame = int(frames[row])
        if tie_id(table, start + frame, other_start + int(column)) == mine:
            return verdict.check(place, "first of true ties", (index, other_index), (frame, int(column)))
    return None
