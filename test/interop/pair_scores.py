"""The cosine of every frame with every other of a table, once for all checks that want it."""

import numpy as np

_kept = {}


def all_cosines(table):
    """[frames x frames] float64; NaN where either row is not finite."""
    key = id(table)
    if key not in _kept:
        _kept.clear()
        rows = np.where(table.finite[:, None], table.unique[table.row_id], 0)
        scores = table.closeness("cosine", rows)
        scores[~table.finite, :] = np.nan
        _kept[key] = scores
    return _kept[key]


def tie_id(table, a, b):
    """Pairs with the same id have the same score by definition: equal rows 1, a row of zeros 0, else the same two rows."""
    if table.zero[a] or table.zero[b]:
        return "zero"
    first, second = sorted((int(table.row_id[a]), int(table.row_id[b])))
    return "equal" if first == second else (first, second)
