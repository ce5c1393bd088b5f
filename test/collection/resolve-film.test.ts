import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Collection, openCollection } from '../../src/collection/collection.js';
import { closestName, resolveFilm } from '../../src/collection/resolve-film.js';
import { editsBetween } from '../../src/spelling.js';
import { rejects } from '../rejects.js';
import { emptyFiles, temporaryFolder } from '../temporary-folder.js';

/** [the rule, the typed text, the films, the film that is meant, or several if the text fits several]. */
type Case = readonly [
  rule: string,
  typed: string,
  films: readonly string[],
  meant: string | readonly string[],
];

const cases: readonly Case[] = [
  ['the exact name', 'Opera', ['Opera', 'Opera.mkv', 'opera'], 'Opera'],
  ['the exact name with its video ending', 'Opera.mkv', ['Opera', 'Opera.mkv', 'Opera.mkv.2'], 'Opera.mkv'],

  [
    'without the video ending',
    'Opera.1987',
    ['Opera.1987.mkv', 'opera.1987', 'Opera.1987.II'],
    'Opera.1987.mkv',
  ],
  ['with .npz', 'Opera.mkv.npz', ['Opera.mkv', 'opera.mkv'], 'Opera.mkv'],
  ['with .npz and without the video ending', 'Opera.npz', ['Opera.mkv', 'opera.mp4'], 'Opera.mkv'],
  ['with .npy', 'Opera.npy', ['Opera.mkv', 'Opera.II.mkv'], 'Opera.mkv'],
  [
    'without the video ending, twice',
    'Opera',
    ['Opera.mkv', 'Opera.mp4', 'opera'],
    ['Opera.mkv', 'Opera.mp4'],
  ],

  ['in any case', 'OPERA.MKV', ['Opera.mkv', 'Opera.II.mkv'], 'Opera.mkv'],
  ['in any case, without the video ending', 'opera', ['Opera.mkv', 'Opera.II.mkv'], 'Opera.mkv'],
  ['in any case, with .npz', 'opera.NPZ', ['Opera.mkv', 'Opera.II.mkv'], 'Opera.mkv'],
  ['in any case, twice', 'OPERA', ['Opera', 'opera', 'opera.II'], ['Opera', 'opera']],
  ['without accents', 'citta violenta', ['Città.violenta.1970.mkv', 'Violenta'], 'Città.violenta.1970.mkv'],
  ['with accents, however they are written', 'Città', ['Citta\u0300.mkv', 'Cita.mkv'], 'Citta\u0300.mkv'],
  ['with accents that the name has not', 'Ópera', ['Opera', 'Opera.II'], 'Opera'],

  [
    'all words, in any order',
    '1971 blood',
    ['A.Bay.of.Blood.1971.mkv', 'Blood.1972.mkv'],
    'A.Bay.of.Blood.1971.mkv',
  ],
  ['all words, whatever is between them', 'bay_of-BLOOD', ['A.Bay.of.Blood', 'Bay'], 'A.Bay.of.Blood'],
  ['a word before a part', 'cat', ['The.Cat.o.Nine.Tails', 'Catch', 'Tomcat'], 'The.Cat.o.Nine.Tails'],
  ['words, twice', 'blood', ['Blood.1972', 'Blood.1971', 'Bloody'], ['Blood.1971', 'Blood.1972']],

  ['a part', 'rofond', ['Profondo.Rosso', 'Rosso'], 'Profondo.Rosso'],
  ['a part across words', 'o.ross', ['Profondo.Rosso', 'Rosso'], 'Profondo.Rosso'],
  ['a part, without accents', 'itt', ['Città', 'Opera'], 'Città'],
  ['a part, twice', 'ros', ['Profondo.Rosso', 'Rosso', 'Opera'], ['Profondo.Rosso', 'Rosso']],
];

describe('a film is named by', () => {
  for (const [rule, typed, names, meant] of cases) {
    test(`${rule}: ${typed}`, async () => {
      // In both orders, since the first film of a folder must not be preferred to the last.
      for (const films of [names, [...names].reverse()]) {
        const collection = collectionOf(films);
        if (typeof meant === 'string') {
          assert.equal((await resolveFilm(collection, typed)).name, meant);
          continue;
        }
        const listed = films.filter((name) => meant.includes(name)).join(', ');
        await rejects(() => resolveFilm(collection, typed), {
          code: 'film-ambiguous',
          message: `${typed}: expected one film, found 2: ${listed}`,
          hint: 'type more of the name',
        });
      }
    });
  }

  test('a part of many names lists the first ten films', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `Blood.${String(i).padStart(2, '0')}`);
    await rejects(() => resolveFilm(collectionOf(names), 'blood'), {
      code: 'film-ambiguous',
      message: `blood: expected one film, found 23: ${names.slice(0, 10).join(', ')} and 13 more`,
    });
  });
});

describe('a film that is unknown', () => {
  const films = ['Opera.1987.mkv', 'Sintel.Trailer.2010.mp4'];

  test('gets the closest spelling as a hint', async () => {
    await rejects(() => resolveFilm(collectionOf(films), 'Sintle'), {
      code: 'film-unknown',
      message: 'Sintle: no such film among the 2 in folder',
      hint: 'did you mean Sintel.Trailer.2010.mp4?',
    });
  });

  test('gets a hint at the list of films if no name is close', async () => {
    for (const typed of ['Suspiria', '***']) {
      await rejects(() => resolveFilm(collectionOf(films), typed), {
        code: 'film-unknown',
        hint: '`giallo films` lists them',
      });
    }
  });

  test('gets a hint to name films one at a time if it has a comma', async () => {
    await rejects(() => resolveFilm(collectionOf(films), 'Sintel,Suspiria'), {
      code: 'film-unknown',
      hint: 'name films one at a time: --in A --in B, or as arguments: A B',
    });
  });

  test('may be an empty name', async () => {
    await rejects(() => resolveFilm(collectionOf(films), ''), {
      code: 'film-unknown',
      message: '"": no such film among the 2 in folder',
    });
  });

  test('in an empty folder gives an error about the folder', async () => {
    await rejects(() => resolveFilm(collectionOf([]), 'Opera'), {
      code: 'film-unknown',
      message: 'Opera: no such film; folder holds no .npz files',
      hint: 'name another folder with --data <dir> or in $GIALLO_DATA',
    });
  });
});

describe('a film given by path', () => {
  const folder = temporaryFolder(
    emptyFiles(
      'films/Opera.npz',
      'films/Suspiria.npz',
      'else/Opera.npz',
      'else/Tenebrae.mkv.npz',
      'else/Phenomena.npy',
    ),
  );
  const path = (...parts: string[]) => join(folder, ...parts);

  test('is the collection’s film if it is in the folder', async () => {
    const collection = await openCollection(path('films'));
    for (const typed of [path('films', 'Opera.npz'), `${path('else')}/../films/Opera.npz`]) {
      assert.equal(await resolveFilm(collection, typed), collection.films[0]);
    }
  });

  test('is the collection’s film also through a link to the folder', async () => {
    symlinkSync(path('films'), path('link'));
    const collection = await openCollection(path('link'));
    assert.equal(await resolveFilm(collection, path('films', 'Opera.npz')), collection.films[0]);
  });

  test('outside the collection has the name of its file', async () => {
    const collection = await openCollection(path('films'));
    const tenebrae = path('else', 'Tenebrae.mkv.npz');
    assert.deepEqual(await resolveFilm(collection, tenebrae), { name: 'Tenebrae.mkv', path: tenebrae });
    const phenomena = path('else', 'Phenomena.npy');
    assert.deepEqual(await resolveFilm(collection, phenomena), { name: 'Phenomena', path: phenomena });
  });

  test('outside the collection has its path as name if its name is taken', async () => {
    const typed = `${path('else')}/./Opera.npz`;
    const film = await resolveFilm(await openCollection(path('films')), typed);
    assert.deepEqual(film, { name: typed, path: path('else', 'Opera.npz') });
  });

  test('needs no slash if the file is in the working folder, and is preferred to all names', async () => {
    const before = process.cwd();
    process.chdir(path('else'));
    try {
      const collection = collectionOf(['Tenebrae.mkv.npz']);
      assert.equal((await resolveFilm(collection, 'Tenebrae.mkv.npz')).path, 'Tenebrae.mkv.npz');
      assert.equal((await resolveFilm(collection, 'Tenebrae')).path, 'folder/Tenebrae.mkv.npz.npz');
    } finally {
      process.chdir(before);
    }
  });

  test('is not preferred to exact names if it is another kind of file, such as a video', async () => {
    const before = process.cwd();
    process.chdir(temporaryFolder({ 'Tenebrae.mkv': '', opera: '' }));
    try {
      const collection = collectionOf(['Tenebrae.mkv', 'Opera']);
      assert.equal((await resolveFilm(collection, 'Tenebrae.mkv')).path, 'folder/Tenebrae.mkv.npz');
      assert.equal((await resolveFilm(collection, 'opera')).path, 'folder/Opera.npz');
      assert.equal((await resolveFilm(collection, './opera')).path, 'opera');
      for (const films of [[], ['Opera.1987'], ['Popera', 'Operas']])
        assert.equal((await resolveFilm(collectionOf(films), 'opera')).path, 'opera');
    } finally {
      process.chdir(before);
    }
  });

  test('must exist and be a file', async () => {
    const collection = await openCollection(path('films'));
    const missing = path('films', 'Opera');
    await rejects(() => resolveFilm(collection, missing), {
      code: 'film-unknown',
      message: `${missing}: no such file`,
    });
    await rejects(() => resolveFilm(collection, path('else')), {
      code: 'film-unknown',
      message: `${path('else')}: a folder, not a film`,
    });
    await rejects(() => resolveFilm(collection, 'a/\0b'), {
      code: 'film-unknown',
      message: 'a/\0b: no such file',
    });
    await rejects(() => resolveFilm(collection, '/dev/null'), {
      code: 'film-unknown',
      message: '/dev/null: a device or a pipe, not a film',
    });
    const loop = path('loop.npz');
    symlinkSync('loop.npz', loop);
    await rejects(() => resolveFilm(collection, loop), {
      code: 'file-unreadable',
      message: `${loop}: cannot read: the symbolic links form a loop`,
    });
  });
});

function collectionOf(names: readonly string[]): Collection {
  const films = names.map((name) => ({ name, path: `folder/${name}.npz` }));
  return { folder: 'folder', films, shadowed: [] };
}

const names = ['A.Bay.of.Blood.1971.mkv', 'Città.violenta.mp4', 'Opera.1987.mkv', 'Sintel.Trailer.2010.mp4'];

describe('the closest name', () => {
  const cases: readonly [typed: string, meant: string | undefined][] = [
    ['Sintle', 'Sintel.Trailer.2010.mp4'],
    ['sintel trialer', 'Sintel.Trailer.2010.mp4'],
    ['bay of blod', 'A.Bay.of.Blood.1971.mkv'],
    ['cita violenta', 'Città.violenta.mp4'],
    ['Opera.1978.mkv', 'Opera.1987.mkv'],
    ['Operra.mkv.npz', 'Opera.1987.mkv'],
    ['Oper', 'Opera.1987.mkv'],
    ['Oepra', 'Opera.1987.mkv'],
    ['Opear', 'Opera.1987.mkv'],
    ['Oepar', undefined],
    ['Suspiria', undefined],
    ['', undefined],
    ['...', undefined],
  ];
  for (const [typed, meant] of cases) {
    test(`to ${JSON.stringify(typed)} is ${meant}`, () => assert.equal(closestName(typed, names), meant));
  }

  test('differs in at most a third of the typed letters', () => {
    assert.equal(closestName('abcxyf', ['abcdef']), 'abcdef');
    assert.equal(closestName('abcxyz', ['abcdef']), undefined);
    assert.equal(closestName('abx', ['abc']), 'abc');
    assert.equal(closestName('ax', ['ab']), undefined);
  });

  test('is the first of equally close names, and undefined if there are no names', () => {
    assert.equal(closestName('Operx', ['Opera.II', 'Opera.I']), 'Opera.II');
    assert.equal(closestName('Opera', []), undefined);
  });

  test('is found if one letter of a long word is wrong', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
    fc.assert(
      fc.property(fc.nat(5), letter, (at, wrong) => {
        const typed = 'sintel'.slice(0, at) + wrong + 'sintel'.slice(at + 1);
        assert.equal(closestName(typed, names), 'Sintel.Trailer.2010.mp4');
      }),
    );
  });

  test('is that of all runs of words with the fewest edits', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    const name = fc.array(word, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(name, fc.array(name), (typed, some) => {
        const text = typed.join(' ');
        const edits = some.map((words) => {
          const runs = words.flatMap((_, first) =>
            words.slice(first).map((__, more) => words.slice(first, first + more + 1).join(' ')),
          );
          return Math.min(...runs.map((run) => editsBetween(text, run)));
        });
        const fewest = Math.min(...edits);
        const meant = fewest <= text.length / 3 ? some[edits.indexOf(fewest)].join('.') : undefined;
        const names = some.map((words) => words.join('.'));
        assert.equal(closestName(text, names), meant);
      }),
    );
  });
});
