"""A collection as numpy reads it: nothing here knows how giallo does."""

import pathlib

import numpy as np


class Film:
    def __init__(self, path):
        self.name = path.name[: -len(".npz")]
        with np.load(path) as archive:
            self.rows = np.asarray(archive["embeddings"], dtype=np.float32)
            self.filenames = [str(name) for name in archive["filenames"]]
        self.frames = len(self.rows)
        self.dim = self.rows.shape[1] if self.rows.ndim == 2 else 0
        self.start = 0  # its first row in its table


class Table:
    """The films of one dim (films without frames belong to each), their rows numbered through."""

    def __init__(self, dim, films):
        self.dim = dim
        self.films = [film for film in films if film.dim == dim or film.frames == 0]
        self.film_named = {film.name: film for film in self.films}
        self.starts = {}
        start = 0
        for film in self.films:
            self.starts[film.name] = start
            start += film.frames
        self.frames = start
        with_rows = [film for film in self.films if film.frames > 0]
        self.film_of = np.concatenate(
            [np.full(film.frames, self.films.index(film)) for film in with_rows] or [np.zeros(0, int)]
        )
        self.index_of = np.concatenate([np.arange(film.frames) for film in with_rows] or [np.zeros(0, int)])
        rows = np.concatenate([film.rows for film in with_rows] or [np.zeros((0, dim), np.float32)])
        # Only different rows are multiplied, so that equal rows have equal scores, whatever the order of additions in
        # BLAS.
        as_bytes = np.ascontiguousarray(rows).view(np.dtype((np.void, dim * 4))).ravel()
        _, first, self.row_id = np.unique(as_bytes, return_index=True, return_inverse=True)
        self.row_id = self.row_id.reshape(-1)
        self.unique = rows[first].astype(np.float64)
        with np.errstate(all="ignore"):
            self.unique_n2 = (self.unique * self.unique).sum(axis=1)
        self.n2 = self.unique_n2[self.row_id]
        self.finite = np.isfinite(self.n2)
        self.zero = self.n2 == 0

    def row(self, frame):
        return self.unique[self.row_id[frame]]

    def number(self, film, index):
        return self.starts[film] + index

    def place(self, frame):
        film = self.films[self.film_of[frame]]
        return film.name, int(self.index_of[frame])

    def rows_of(self, film):
        return slice(self.starts[film.name], self.starts[film.name] + film.frames)

    def closeness(self, metric, queries):
        """[queries x frames] float64, larger is closer; NaN for rows that are not finite."""
        queries = np.atleast_2d(np.asarray(queries, dtype=np.float64))
        usable = np.isfinite(self.unique_n2)
        unique = np.where(usable[:, None], self.unique, 0)
        n2 = np.where(usable, self.unique_n2, 1)
        if metric == "euclidean":
            scores = np.stack([-np.sqrt(((unique - query) ** 2).sum(axis=1)) for query in queries])
        else:
            scores = queries @ unique.T
            if metric == "cosine":
                norms = np.sqrt((queries * queries).sum(axis=1)[:, None] * n2[None, :])
                scores = np.where(norms == 0, 0.0, np.clip(scores / np.where(norms == 0, 1, norms), -1, 1))
        scores[:, ~usable] = np.nan
        return scores[:, self.row_id]


class Collection:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        paths = sorted(self.folder.glob("[!.]*.npz"), key=lambda path: path.name[: -len(".npz")])
        self.films = [Film(path) for path in paths]
        dims = {film.dim for film in self.films if film.frames > 0}
        self.tables = {dim: Table(dim, self.films) for dim in dims}
        self.film_named = {film.name: film for film in self.films}

    def common_table(self):
        """The dim that most frames have; of equally many the one whose film is first."""
        order = [film.dim for film in self.films if film.frames > 0]
        return max(self.tables.values(), key=lambda table: (table.frames, -order.index(table.dim)))
