/** Films that numpy writes and giallo refuses, each with a line of Python that mends it. */

interface Case {
  readonly what: string;
  /** Python that writes the film `p`, whose `embeddings` would be `rows`, and its filenames `names`. */
  readonly python: string;
  readonly ending?: '.npy';
  /** The filenames of the mended film; by default `names`. */
  readonly names?: readonly string[];
  /** The other arrays of the mended film: nothing that the film held is lost. */
  readonly kept?: readonly string[];
}

export const cases: readonly Case[] = [
  {
    what: 'names of bytes, UTF-8 and Latin-1, in a pickle',
    python: `np.savez(p, embeddings=rows, filenames=np.array([b"a'b.jpg", 'caff\\u00e8'.encode(), b'caff\\xe8.jpg'], dtype=object))`,
    names: ["a'b.jpg", 'caffè', 'caffè.jpg'],
  },
  {
    what: 'names that are paths',
    python:
      'np.savez(p, embeddings=rows, filenames=np.array([pathlib.PurePosixPath("a")/n for n in names], dtype=object))',
    names: ['a/f0.jpg', 'a/f1.jpg', 'a/f2.jpg'],
  },
  {
    what: 'names in a pickle of numpy 2',
    python:
      'b = io.BytesIO(); np.lib.format.write_array_header_1_0(b, dict(descr="|O", fortran_order=False, shape=(3,))); b.write(pickle.dumps(names.astype(object), protocol=2).replace(b"numpy.core", b"numpy._core")); np.savez(p, embeddings=rows); z = zipfile.ZipFile(p, "a"); z.writestr("filenames.npy", b.getvalue()); z.close()',
  },
  {
    what: 'names that are lists of one name, or tuples of a name and more',
    python:
      'a = np.empty(3, dtype=object); a[:] = [(n, 7) for n in names]; a[0] = [names[0]]; np.savez(p, embeddings=rows, filenames=a)',
  },
  {
    what: 'names that are numbers',
    python: 'np.savez(p, embeddings=rows, filenames=np.arange(100, 103))',
    names: ['100', '101', '102'],
  },
  {
    what: 'names that are records',
    python:
      "np.savez(p, embeddings=rows, filenames=np.array([(n, 0.5) for n in names], dtype=[('n', 'U9'), ('t', 'f8')]))",
  },
  {
    what: 'names of bytes that are not UTF-8',
    python: `np.savez(p, embeddings=rows, filenames=np.array([b'\\xe8', b'b', b'c'], dtype='S2'))`,
    names: ['è', 'b', 'c'],
  },
  {
    what: 'names with surrogates',
    python: `np.savez(p, embeddings=rows, filenames=np.array(['a\\udce8.jpg', 'a\\udce9.jpg', 'a\\ud83d.jpg']))`,
    names: ['aè.jpg', 'aé.jpg', 'a\\ud83d.jpg'],
  },
  {
    what: 'names with far too much padding',
    python: "np.savez_compressed(p, embeddings=rows, filenames=names.astype('U300000'))",
  },
  {
    what: 'vectors that were saved into the archive again',
    python:
      'np.savez(p, embeddings=-rows, filenames=names); z = zipfile.ZipFile(p, "a"); z.writestr("embeddings.npy", npy(rows)); z.close()',
  },
  {
    what: 'two archives of the same layout that were joined',
    python:
      'f = open(p + ".", "wb"); [(np.savez(p, embeddings=r, filenames=names), f.write(open(p, "rb").read())) for r in (-rows, rows)]; f.close(); os.replace(p + ".", p)',
  },
  {
    what: 'an archive whose members are compressed by bzip2 and LZMA',
    python:
      'z = zipfile.ZipFile(p, "w"); z.writestr("embeddings.npy", npy(rows), 12); z.writestr("filenames.npy", npy(names), 14); z.close()',
  },
  {
    what: 'a dict of vectors',
    python: 'np.savez(p, dict(zip(names, rows)))',
  },
  {
    what: 'an array a frame',
    python: 'np.savez(p, **dict(zip(names, rows)))',
  },
  {
    what: 'an array a frame, and their names',
    python: 'np.savez(p, *rows, filenames=names)',
  },
  {
    what: 'an array of one row a frame',
    python: 'np.savez(p, **dict(zip(names, rows[:, None])))',
  },
  {
    what: 'a dict of arrays of one row',
    python: 'np.savez(p, dict(zip(names, rows[:, None])))',
  },
  {
    what: 'a dict of arrays',
    python: 'np.savez(p, dict(embeddings=rows, filenames=names))',
  },
  {
    what: 'a dict of one array, in an .npy',
    ending: '.npy',
    python: 'np.save(p, dict(features=rows))',
    names: ['0', '1', '2'],
  },
  {
    what: 'a dict of dicts',
    python: 'np.savez(p, {n: dict(v=r, score=0.5, model="clip") for n, r in zip(names, rows)})',
    kept: ['model', 'score'],
  },
  {
    what: 'a dict of vectors with their moments',
    python: 'np.savez(p, {i: (r, 0.5) for i, r in enumerate(rows)})',
    names: ['0', '1', '2'],
    kept: ['1'],
  },
  {
    what: 'a dict with a number for a key',
    python: 'np.savez(p, {0: rows, 1: "x"}, filenames=names)',
    kept: ['1'],
  },
  {
    what: 'a matrix as an object',
    python: 'a = np.empty((), dtype=object); a[()] = rows; np.savez(p, embeddings=a, filenames=names)',
  },
  {
    what: 'a row an object',
    python: 'np.savez(p, embeddings=np.array([*rows, None], dtype=object)[:-1], filenames=names)',
  },
  {
    what: 'a number an object',
    python: 'np.savez(p, embeddings=rows.astype(object), filenames=names)',
  },
  {
    what: 'a number an object, in an .npy',
    ending: '.npy',
    python: 'np.save(p, rows.astype(object))',
    names: ['0', '1', '2'],
  },
  {
    what: 'a dict of vectors in an .npy',
    ending: '.npy',
    python: 'np.save(p, dict(zip(names, rows)))',
  },
  {
    what: 'records of a name and a vector',
    python:
      "a = np.zeros(3, [('n', 'U9'), ('v', 'f4', 4)]); a['n'] = names; a['v'] = rows; np.savez(p, embeddings=a)",
  },
  {
    what: 'records with gaps between their fields',
    python:
      "a = np.zeros(3, np.dtype([('n', 'S7'), ('v', 'f4', 4)], align=True)); a['n'] = names; a['v'] = rows; np.savez(p, a)",
  },
  {
    what: 'records of two texts, one of which is a path',
    python:
      "a = np.zeros(3, [('model', 'U4'), ('path', 'U9'), ('v', 'f4', 4)]); a['model'] = 'clip'; a['path'] = names; a['v'] = rows; np.savez(p, a)",
    kept: ['model'],
  },
  {
    what: 'records of four numbers',
    python:
      "a = np.zeros(3, [(k, 'f4') for k in 'abcd']); [a.__setitem__(k, rows[:, i]) for i, k in enumerate('abcd')]; np.savez(p, embeddings=a, filenames=names)",
  },
  {
    what: 'records whose fields have names that Python writes with escapes',
    python:
      "a = np.zeros(3, [('\\ufeffn\\n', 'U9'), *((k, 'f4') for k in ('\\u200b', chr(92), 'x\\t', '\\U000e0001'))]); a['\\ufeffn\\n'] = names; [a.__setitem__(k, rows[:, i]) for i, k in enumerate(a.dtype.names[1:])]; np.savez(p, embeddings=a)",
  },
  {
    what: 'records of a name and a vector in an .npy',
    ending: '.npy',
    python:
      "a = np.zeros(3, [('n', 'S9'), ('v', 'f4', 4)]); a['n'] = [n.encode() for n in names]; a['v'] = rows; np.save(p, a)",
  },
  {
    what: 'records of a name, a moment and a picture of numbers',
    python:
      "a = np.zeros(3, [('n', 'U9'), ('t', 'f8'), ('shot', 'i4'), ('v', 'f4', (2, 2))]); a['n'] = names; a['v'] = rows.reshape(3, 2, 2); np.savez(p, a)",
    kept: ['shot', 't'],
  },
  {
    what: 'records of objects, as pandas makes them',
    python:
      "a = np.zeros(3, [('index', 'i8'), ('n', 'O'), ('v', 'O')]); [a.__setitem__(i, (i, names[i], rows[i])) for i in range(3)]; np.savez(p, a)",
    kept: ['index'],
  },
  {
    what: 'records of a name that is an object and of four numbers, in an .npy',
    ending: '.npy',
    python:
      "a = np.zeros(3, [('index', 'i8'), ('n', 'O'), *((k, 'f4') for k in 'abcd')]); [a.__setitem__(i, (i, names[i], *rows[i])) for i in range(3)]; np.save(p, a)",
    kept: ['index'],
  },
  {
    what: 'a table of names and vectors',
    python: 'a = np.empty((3, 2), dtype=object); a[:, 0] = names; a[:, 1] = [*rows]; np.savez(p, a)',
  },
  {
    what: 'a table of names and four numbers',
    python: 'np.savez(p, np.column_stack([names.astype(object), rows.astype(object)]))',
  },
  {
    what: 'a list of dicts',
    python:
      'np.savez(p, np.array([dict(n=pathlib.PurePosixPath(n), k=7, v=r.tolist()) for n, r in zip(names, rows)]))',
    kept: ['k'],
  },
  {
    what: 'a list of dicts, the names beside it',
    python: 'np.savez(p, embeddings=np.array([dict(n="no", v=r) for r in rows]), filenames=names)',
    kept: ['n'],
  },
  {
    what: 'vectors and names saved into one .npy',
    ending: '.npy',
    python: 'f = open(p, "wb"); np.save(f, rows); np.save(f, names); f.close()',
  },
  {
    what: 'batches of names and vectors saved into one .npy',
    ending: '.npy',
    python:
      'f = open(p, "wb"); [np.save(f, x) for i in (0, 2) for x in (names[i:i + 2], rows[i:i + 2], np.array(0.5))]; f.close()',
  },
  {
    what: 'batches of vectors saved into one .npy, the last of them one row, with their moments',
    ending: '.npy',
    python: 'f = open(p, "wb"); [np.save(f, x) for x in (rows[:2], rows[2], np.arange(3.0))]; f.close()',
    names: ['0', '1', '2'],
  },
  {
    what: 'vectors saved into one .npy, the names beside it',
    ending: '.npy',
    python:
      'f = open(p, "wb"); [np.save(f, r) for r in rows]; f.close(); open(p[:-4] + ".txt", "w").write("a\\nb\\nc\\n")',
    names: ['a', 'b', 'c'],
  },
  {
    what: 'names in Latin-1 beside an .npy',
    ending: '.npy',
    python: `np.save(p, rows); open(p[:-4] + '.txt', 'wb').write(b'a\\r\\ncaff\\xe8\\r\\nc\\r\\n')`,
    names: ['a', 'caffè', 'c'],
  },
  {
    what: 'names in UTF-16 beside an .npy',
    ending: '.npy',
    python: `np.save(p, rows); open(p[:-4] + '.txt', 'wb').write('\\ufeffa\\nè\\n\\u4e2d\\n'.encode('utf-16-le'))`,
    names: ['a', 'è', '中'],
  },
  {
    what: 'names in UTF-16 without a mark beside an .npy',
    ending: '.npy',
    python: `np.save(p, rows); open(p[:-4] + '.txt', 'wb').write('a\\nè\\n\\u4e2d\\n'.encode('utf-16-le'))`,
    names: ['a', 'è', '中'],
  },
];
