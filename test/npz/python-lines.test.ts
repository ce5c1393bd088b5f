/**
 * Runs every line of Python that giallo prints in bash, as printed, on files whose names try to break it. After that
 * giallo must read the film, with the names that it showed before. All programs run in a single Python, since starting
 * numpy takes longer than everything else.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { openCollection } from '../../src/collection/collection.js';
import { openFilm } from '../../src/collection/film.js';
import { readAllRows } from '../../src/collection/held-rows.js';
import { GialloError } from '../../src/errors.js';
import { joinArraysLine, namesAsTextLine, objectsAsArraysLine } from '../../src/npz/python-lines.js';
import { verify } from '../../src/reports/verify.js';
import { pythonWithNumpy, skipsWithoutNumpy } from '../numpy.js';
import { temporaryFolder } from '../temporary-folder.js';
import { cases } from './films-to-mend.js';

/** The most hostile names that a folder can hold. */
const filmNames = [
  'plain',
  "it's $(touch pwned) `touch pwned` $HOME",
  'back\\slash "quotes" \\n',
  'new\nline \u001b[31m',
  '-Pero\u0300 Per\u00f2',
  'ünï 😀 \u202e',
  // The longest that a file system holds.
  'x'.repeat(251),
];

const preamble = `
import io, os, pathlib, pickle, zipfile, numpy as np
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

describe('lines of Python mend the files that they are printed for', { skip: skipsWithoutNumpy }, () => {
  const tools = temporaryFolder();
  const folders = cases.map(() => temporaryFolder());
  const printed: (readonly string[])[] = [];
  /** Films that were readable before must have the same names afterwards. */
  const shown: (readonly string[] | undefined)[] = [];
  before(async () => {
    assert.ok(pythonWithNumpy, 'python3 with numpy is needed');
    const programs = cases.map(({ python: program }, n) => `p = ${JSON.stringify(pathOf(n))}\n${program}`);
    execFileSync(pythonWithNumpy, ['-W', 'ignore', '-c', [preamble, ...programs].join('\n')]);
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
    execFileSync(pythonWithNumpy, ['-c', runCalls, ...calls]);
  });

  const callOf = (number: number) => join(tools, String(number));
  const nameOf = (number: number) => filmNames[number % filmNames.length];
  const pathOf = (number: number) =>
    join(folders[number], `${nameOf(number)}${cases[number].ending ?? '.npz'}`);

  for (const [number, { what, names = ['f0.jpg', 'f1.jpg', 'f2.jpg'], kept = [] }] of cases.entries()) {
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
        assert.deepEqual([...mended.otherArrays].sort(), kept);
      } finally {
        await mended.close();
      }
      if (shown[number]) assert.deepEqual(names, shown[number]);
      assert.ok(!existsSync(join(folder, 'pwned')));
    });
  }
});

test('lines of Python mend films of numpy 2 with whatever numpy there is', {
  skip: skipsWithoutNumpy,
}, async () => {
  assert.ok(pythonWithNumpy, 'python3 with numpy is needed');
  for (const name of ['filenames-object-paths', 'filenames-object-strings', 'filenames-stringdtype']) {
    const path = join(temporaryFolder(), `${name}.npz`);
    copyFileSync(`test/fixtures/npz-corpus/${name}.npz`, path);
    const names = await namesOf(path);
    const line = namesAsTextLine({ path, member: 'filenames.npy' });
    execFileSync(pythonWithNumpy, ['-c', /'(.*)'/.exec(line)?.[1] ?? '', path, 'filenames.npy']);
    assert.deepEqual(await namesOf(path), names);
    const { findings } = await verify(await openCollection(dirname(path)));
    assert.deepEqual(
      findings.filter(({ code }) => code === 'names-pickled'),
      [],
    );
  }
});

test('no line of Python overwrites an archive beside an .npy', { skip: skipsWithoutNumpy }, () => {
  assert.ok(pythonWithNumpy, 'python3 with numpy is needed');
  const folder = temporaryFolder({ 'a.npz': 'mine', 'b.npz': 'mine' });
  const [joined, dict] = ['a.npy', 'b.npy'].map((name) => join(folder, name));
  const made = `f = open("${joined}", "wb"); np.save(f, rows); np.save(f, names); f.close(); np.save("${dict}", dict(embeddings=rows, filenames=names))`;
  execFileSync(pythonWithNumpy, ['-c', preamble + made]);
  for (const line of [joinArraysLine(joined), objectsAsArraysLine({ path: dict, member: null }, false)]) {
    const { status, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
    assert.deepEqual([status, /\.npz: already exists\n$/.test(stderr)], [1, true], stderr);
  }
  assert.equal(readFileSync(join(folder, 'a.npz'), 'utf8'), 'mine');
  assert.equal(readFileSync(join(folder, 'b.npz'), 'utf8'), 'mine');
});

/** The names that giallo shows, undefined where it refuses the film or cannot read its names. */
async function namesOf(path: string): Promise<readonly string[] | undefined> {
  try {
    const film = await openFilm({ name: 'film', path });
    const { filenames, warnings } = await film.readFilenames().finally(() => film.close());
    const hasNames = !warnings.some(({ message }) => message.includes('using row numbers'));
    return hasNames ? filenames : undefined;
  } catch (error) {
    if (error instanceof GialloError) return undefined;
    throw error;
  }
}
