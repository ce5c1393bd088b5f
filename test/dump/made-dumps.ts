/** Dumps of small collections, for tests. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCollection } from '../../src/collection/collection.js';
import { type DumpOutcome, dump } from '../../src/dump/dump.js';
import { type DumpFormat, dumpForm } from '../../src/dump/forms.js';
import { planTopk } from '../../src/reports/topk.js';
import { questionDefaults } from '../../src/search/question.js';
import { filesIn } from '../files-in.js';
import { type MadeFilm, writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';

export interface Asked {
  readonly format?: DumpFormat;
  readonly k?: number;
  readonly force?: boolean;
  readonly films?: readonly string[];
  /** The films in which neighbours are looked for; all by default. */
  readonly scope?: readonly string[];
  readonly without?: readonly Float32Array[];
  readonly reading?: readonly string[];
  /** Stops the dump when so many files are complete. */
  readonly stopAt?: number;
}

/** Thrown when a dump is stopped at `stopAt`. */
export class Stopped extends Error {}

const films: readonly MadeFilm[] = [
  {
    name: 'a?',
    dim: 2,
    rows: [
      [1, 0],
      [0, 0],
    ],
  },
  {
    name: 'b',
    dim: 2,
    rows: [
      [1, 1],
      [1, 2],
      [2, 1],
    ],
  },
  { name: 'empty', dim: 2, rows: [] },
];

/** A folder of films, and a place in it for a dump. */
export async function madeCollection(names?: readonly string[]): Promise<{ data: string; folder: string }> {
  const data = temporaryFolder();
  const made = names?.map((name): MadeFilm => ({ name, dim: 2, rows: [[1, 2]] })) ?? films;
  for (const film of made) await writeFilm(data, film);
  return { data, folder: join(data, 'dump') };
}

/** Changes the text of the manifest of a dump. */
export async function editManifest(folder: string, edit: (text: string) => string): Promise<void> {
  const path = join(folder, 'manifest.json');
  await writeFile(path, edit(await readFile(path, 'utf8')));
}

/** Asserts that the dump in the folder is the same as a new one. */
export async function isAsFresh(data: string, asked: Asked = {}): Promise<void> {
  await dumpTo(join(data, 'fresh'), data, asked);
  assert.deepEqual(await filesIn(join(data, 'dump')), await filesIn(join(data, 'fresh')));
}

/** Makes or continues the dump of the films of `data` in `folder`. */
export async function dumpTo(folder: string, data: string, asked: Asked = {}) {
  const { format = 'ndjson', k = 2, force = false, films, scope, without, reading, stopAt } = asked;
  const stop = new AbortController();
  const collection = await openCollection(data);
  const chosen = collection.films.filter(({ name }) => films?.includes(name) ?? true);
  const searched = scope ? { in: collection.films.filter(({ name }) => scope.includes(name)) } : 'all';
  const request = { ...questionDefaults, k, films: chosen, scope: searched, without } as const;
  const plan = await planTopk(collection, request, { signal: stop.signal });
  const notices: string[] = [];
  const outcome: DumpOutcome = await dump(plan, {
    folder,
    form: dumpForm(format, { ...request, times: new Map(), films: plan.films }),
    parameters: new Map(Object.entries({ format, k, ...(reading && { reading }) })),
    without,
    force,
    onNotice: async (text) => void notices.push(text),
    onFile(whole) {
      if (whole === stopAt) stop.abort(new Stopped());
    },
  });
  return { outcome, notices };
}
