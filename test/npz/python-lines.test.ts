/**
 * Every line of Python that giallo prints is run as it is printed, in bash, on files whose names try to break it; after
 * that giallo reads the film, with the names that it showed before. What bash would start `python3` with is run by one
 * Python, since starting numpy takes longer than all else. Needs numpy; where there is none the tests are skipped,
 * unless GIALLO_NEEDS_NUMPY is set, as it is in .ci.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { openCollection } from '../../src/collection/collection.js';
import { openFilm } from '../../src/collection/film.js';
import { readAllRows } from '../../src/collection/held-rows.js';
import { GialloError } from '../../src/errors.js';
import { dictAsArraysLine, joinArraysLine } from '../../src/npz/python-lines.js';
import { verify } from '../../src/reports/verify.js';
import { temporaryFolder } from '../temporary-folder.js';

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);
const skip =
  python === undefined && !process.env.GIALLO_NEEDS_NUMPY ? 'there is no python3 with numpy' : false;

/** Names of films as hostile as a folder can hold. */
const filmNames = [
  'plain',
  "it's $(touch pwned) `touch pwned` $HOME",
  'back\\slash "quotes" \\n',
  'new\nline \u001b[31m',
  '-Pero\u0300 Per\u00f2',
  'ünï 😀 \u202e',
];

/** Python that writes the film `p` (its `embeddings` would be `rows`), and what giallo finds then. */
const cases: readonly { what: string; ending?: string; python: string; names: readonly string[] }[] = [
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
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'vectors that were saved into the archive again',
    python:
      'np.savez(p, embeddings=-rows, filenames=names); z = zipfile.ZipFile(p, "a"); z.writestr("embeddings.npy", npy(rows)); z.close()',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'a dict of vectors',
    python: 'np.savez(p, dict(zip(names, rows)))',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'an array a frame',
    python: 'np.savez(p, **dict(zip(names, rows)))',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'a dict of arrays',
    python: 'np.savez(p, dict(embeddings=rows, filenames=names))',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'a row an object',
    python: 'np.savez(p, embeddings=np.array([*rows, None], dtype=object)[:-1], filenames=names)',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'a number an object',
    python: 'np.savez(p, embeddings=rows.astype(object), filenames=names)',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
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
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'records of a name and a vector',
    python:
      "a = np.zeros(3, [('n', 'U9'), ('v', 'f4', 4)]); a['n'] = names; a['v'] = rows; np.savez(p, embeddings=a)",
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'records of four numbers',
    python:
      "a = np.zeros(3, [(k, 'f4') for k in 'abcd']); [a.__setitem__(k, rows[:, i]) for i, k in enumerate('abcd')]; np.savez(p, embeddings=a, filenames=names)",
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'records of a name and a vector in an .npy',
    ending: '.npy',
    python:
      "a = np.zeros(3, [('n', 'S9'), ('v', 'f4', 4)]); a['n'] = [n.encode() for n in names]; a['v'] = rows; np.save(p, a)",
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'records of a name, a moment and a picture of numbers',
    python:
      "a = np.zeros(3, [('n', 'U9'), ('t', 'f8'), ('shot', 'i4'), ('v', 'f4', (2, 2))]); a['n'] = names; a['v'] = rows.reshape(3, 2, 2); np.savez(p, a)",
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'records of objects, as pandas makes them',
    python:
      "a = np.zeros(3, [('index', 'i8'), ('n', 'O'), ('v', 'O')]); [a.__setitem__(i, (i, names[i], rows[i])) for i in range(3)]; np.savez(p, a)",
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'records of a name that is an object and of four numbers, in an .npy',
    ending: '.npy',
    python:
      "a = np.zeros(3, [('index', 'i8'), ('n', 'O'), *((k, 'f4') for k in 'abcd')]); [a.__setitem__(i, (i, names[i], *rows[i])) for i in range(3)]; np.save(p, a)",
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'a table of names and vectors',
    python: 'a = np.empty((3, 2), dtype=object); a[:, 0] = names; a[:, 1] = [*rows]; np.savez(p, a)',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'a table of names and four numbers',
    python: 'np.savez(p, np.column_stack([names.astype(object), rows.astype(object)]))',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'a list of dicts',
    python:
      'np.savez(p, np.array([dict(n=pathlib.PurePosixPath(n), k=7, v=r.tolist()) for n, r in zip(names, rows)]))',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'a list of dicts, the names beside it',
    python: 'np.savez(p, embeddings=np.array([dict(n="no", v=r) for r in rows]), filenames=names)',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'vectors and names saved into one .npy',
    ending: '.npy',
    python: 'f = open(p, "wb"); np.save(f, rows); np.save(f, names); f.close()',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
  },
  {
    what: 'batches of names and vectors saved into one .npy',
    ending: '.npy',
    python:
      'f = open(p, "wb"); [np.save(f, x) for i in (0, 2) for x in (names[i:i + 2], rows[i:i + 2], np.array(0.5))]; f.close()',
    names: ['f0.jpg', 'f1.jpg', 'f2.jpg'],
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

const preamble = `
import io, pathlib, zipfile, numpy as np
rows = np.arange(12, dtype='f4').reshape(3, 4) / 7
names = np.array([f'f{i}.jpg' for i in range(3)])
def npy(array):
    b = io.BytesIO(); np.save(b, array); return b.getvalue()
`;
/** Runs what is noted in files as the one of `call`: a working folder, `-c`, a program, its arguments. */
const runCalls = `
import os, sys, traceback
for path in sys.argv[1:]:
    with open(path, 'rb') as file:
        folder, _, program, *arguments = [os.fsdecode(word) for word in file.read().split(b'\\0')[:-1]]
    os.chdir(folder)
    sys.argv = ['-c', *arguments]
    try:
        exec(program, {'__name__': '__main__'})
    except BaseException:
        with open(path + '.error', 'w') as file:
            traceback.print_exc(file=file)
`;
const call = `#!/bin/sh\nprintf '%s\\0' "$PWD" "$@" >"$CALL"\n`;
const vectors = Float32Array.from({ length: 12 }, (_, i) => i / 7);

describe('lines of Python mend what they are printed for', { skip }, () => {
  const tools = temporaryFolder();
  const folders = cases.map(() => temporaryFolder());
  const printed: (readonly string[])[] = [];
  /** What was readable before is named the same afterwards. */
  const shown: (readonly string[] | undefined)[] = [];
  before(async () => {
    assert.ok(python, 'python3 with numpy is needed');
    const programs = cases.map(({ python: program }, n) => `p = ${JSON.stringify(pathOf(n))}\n${program}`);
    execFileSync(python, ['-W', 'ignore', '-c', [preamble, ...programs].join('\n')]);
    writeFileSync(join(tools, 'python3'), call, { mode: 0o755 });
    const calls: string[] = [];
    for (const [n, folder] of folders.entries()) {
      const { findings } = await verify(await openCollection(folder));
      printed[n] = findings.flatMap(({ advice }) => advice.split(' run: ').slice(1));
      shown[n] = await namesOf(pathOf(n));
      const env = { ...process.env, PATH: `${tools}:${process.env.PATH}`, CALL: callOf(n) };
      execFileSync('bash', ['--norc', '-c', printed[n].join('\n')], { cwd: folder, env });
      if (existsSync(callOf(n))) calls.push(callOf(n));
    }
    execFileSync(python, ['-c', runCalls, ...calls]);
  });

  const callOf = (number: number) => join(tools, String(number));
  const nameOf = (number: number) => filmNames[number % filmNames.length];
  const pathOf = (number: number) =>
    join(folders[number], `${nameOf(number)}${cases[number].ending ?? '.npz'}`);

  for (const [number, { what, names }] of cases.entries()) {
    const film = nameOf(number);
    test(`${what}: ${JSON.stringify(film)}`, async () => {
      const folder = folders[number];
      assert.equal(printed[number].length, 1, printed[number].join('\n'));
      const errors = `${callOf(number)}.error`;
      assert.equal(existsSync(errors) ? readFileSync(errors, 'utf8') : '', '');
      const collection = await openCollection(folder);
      assert.deepEqual(
        (await verify(collection)).findings.filter(({ severity }) => severity === 'error'),
        [],
      );
      const [entry] = collection.films;
      assert.equal(entry?.name, film);
      const mended = await openFilm(entry);
      try {
        assert.deepEqual((await mended.readFilenames()).filenames, names);
        assert.deepEqual(await readAllRows(mended), vectors);
      } finally {
        await mended.close();
      }
      if (shown[number]) assert.deepEqual(names, shown[number]);
      assert.ok(!existsSync(join(folder, 'pwned')));
    });
  }
});

test('no line of Python writes over an archive beside an .npy', { skip }, () => {
  assert.ok(python, 'python3 with numpy is needed');
  const folder = temporaryFolder({ 'a.npz': 'mine', 'b.npz': 'mine' });
  const [joined, dict] = ['a.npy', 'b.npy'].map((name) => join(folder, name));
  const made = `f = open("${joined}", "wb"); np.save(f, rows); np.save(f, names); f.close(); np.save("${dict}", dict(embeddings=rows, filenames=names))`;
  execFileSync(python, ['-c', preamble + made]);
  for (const line of [joinArraysLine(joined), dictAsArraysLine({ path: dict, member: null })]) {
    const { status, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
    assert.deepEqual([status, /\.npz: already exists\n$/.test(stderr)], [1, true], stderr);
  }
  assert.equal(readFileSync(join(folder, 'a.npz'), 'utf8'), 'mine');
  assert.equal(readFileSync(join(folder, 'b.npz'), 'utf8'), 'mine');
});

/** The names that giallo shows, undefined where it refuses the film. */
async function namesOf(path: string): Promise<readonly string[] | undefined> {
  try {
    const film = await openFilm({ name: 'film', path });
    const { filenames } = await film.readFilenames().finally(() => film.close());
    return filenames;
  } catch (error) {
    if (error instanceof GialloError) return undefined;
    throw error;
  }
}
