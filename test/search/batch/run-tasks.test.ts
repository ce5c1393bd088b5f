import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type Collection, openCollection } from '../../../src/collection/collection.js';
import { pairs } from '../../../src/reports/pairs.js';
import { planTopk } from '../../../src/reports/topk.js';
import { keptInTurn } from '../../../src/search/batch/pair-task.js';
import { orderOfPairs } from '../../../src/search/batch/run-tasks.js';
import type { SearchContext } from '../../../src/search/context.js';
import { questionDefaults } from '../../../src/search/question.js';
import { hasAllCases, withoutCases } from '../../cases.js';
import { archiveOf, type MadeFilm, writeFilm } from '../../oracle/made-films.js';
import { rejects } from '../../rejects.js';
import { temporaryFolder } from '../../temporary-folder.js';

/** Threads are started even for little work. */
const worthThreads = 1;
const films: readonly MadeFilm[] = ['a', 'b', 'c', 'd'].map((name, i) => madeFilm(name, 55 + 10 * i, i + 1));
const folder = temporaryFolder();
let collection: Collection;

before(async () => {
  for (const film of films) await writeFilm(folder, film);
  collection = await openCollection(folder);
});

describe('work in threads', () => {
  const reports: Readonly<Record<string, (context: SearchContext) => Promise<unknown>>> = {
    topk: (context) => dumpOf(context),
    pairs: (context) =>
      pairs({ films: collection.films, k: 50, perShot: 2, withinFilms: true, shotThreshold: 0.9 }, context),
  };
  for (const [name, report] of Object.entries(reports)) {
    test(`gives the same results for any number of threads: ${name}`, async () => {
      const alone = await report({ jobs: 1 });
      assert.deepEqual(await report({ jobs: hasAllCases ? 3 : 2, worthThreads }), alone);
    });
  }

  test('counts each pair of films once', withoutCases, async () => {
    const progress: string[] = [];
    await dumpOf({
      jobs: 2,
      worthThreads,
      onProgress: ({ done, total, unit }) => progress.push(`${done} of ${total} ${unit}`),
    });
    assert.deepEqual(
      progress.filter((line) => line.endsWith('pairs of films')),
      Array.from({ length: 11 }, (_, i) => `${i} of 10 pairs of films`),
    );
  });

  test('throws the reason of an abort, and drops running tasks', withoutCases, async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const context: SearchContext = {
      jobs: 2,
      worthThreads,
      signal: stop.signal,
      onProgress: ({ done, unit }) => {
        if (unit === 'pairs of films' && done === 2) stop.abort(reason);
      },
    };
    await assert.rejects(dumpOf(context), (error) => error === reason);
  });

  for (const [what, damage, message] of [
    ['is gone', (path: string) => rm(path), /d\.npz: cannot read: no such file/],
    [
      'is another',
      (path: string) => writeFile(path, archiveOf(madeFilm('d', 85, 9))),
      /d\.npz: the vectors have changed since they were first read/,
    ],
  ] as const) {
    test(`ends with an error if a film ${what} since it was measured`, async () => {
      const [first, last] = [films[0] as MadeFilm, films[3] as MadeFilm];
      const request = { ...questionDefaults, films: collection.films, scope: 'all' } as const;
      const plan = await planTopk(collection, request, { heldBytes: 0 });
      await damage(join(folder, 'd.npz'));
      const found: string[] = [];
      try {
        await rejects(
          () =>
            plan.run(
              () => true,
              async ({ entry }) => void found.push(entry.name),
            ),
          {
            code: 'file-unreadable',
            message,
          },
        );
      } finally {
        await writeFilm(folder, last);
      }
      assert.ok(!found.includes(first.name));
    });
  }

  test('reads small films once', async () => {
    const whole = await dumpOf({});
    try {
      const remove = () => Promise.all(collection.films.map(({ path }) => rm(path)));
      assert.deepEqual(await dumpOf({}, remove), whole);
    } finally {
      for (const film of films) await writeFilm(folder, film);
    }
  });

  test('waits for its reader', withoutCases, async () => {
    const plan = await planTopk(
      collection,
      { ...questionDefaults, films: collection.films, scope: 'all' },
      { jobs: 2, worthThreads },
    );
    let isTaking = false;
    const order: string[] = [];
    await plan.run(
      () => true,
      async ({ entry }) => {
        assert.ok(!isTaking, 'one at a time');
        isTaking = true;
        await new Promise((resolve) => setImmediate(resolve));
        isTaking = false;
        order.push(entry.name);
      },
    );
    assert.deepEqual(order, ['a', 'b', 'c', 'd']);
  });

  test('stops when its reader fails', withoutCases, async () => {
    const plan = await planTopk(
      collection,
      { ...questionDefaults, films: collection.films, scope: 'all' },
      { jobs: 2, worthThreads },
    );
    await assert.rejects(
      plan.run(
        () => true,
        () => Promise.reject(new Error('no more')),
      ),
      /^Error: no more$/,
    );
  });
});

describe('the order of pairs of blocks', () => {
  for (const count of [0, 1, 2, 3, keptInTurn + 1, 3 * keptInTurn - 1]) {
    test(`of ${count} blocks has each pair once: first each block with itself, then with the next`, () => {
      const order = [...orderOfPairs(count)];
      const first = Array.from({ length: count }, (_, i) => [i, i]);
      const then = Array.from({ length: Math.max(0, count - 1) }, (_, i) => [i, i + 1]);
      assert.deepEqual(order.slice(0, first.length + then.length), [...first, ...then]);
      assert.ok(order.every(([a, b]) => a <= b && b < count));
      assert.equal(new Set(order.map((pair) => `${pair}`)).size, order.length);
      assert.equal(order.length, (count * (count + 1)) / 2);
    });
  }

  test('lets a thread use an open block for several tasks', () => {
    const order = [...orderOfPairs(4 * keptInTurn)];
    let kept: number[] = [];
    let opened = 0;
    for (const number of order.flat()) {
      if (!kept.includes(number)) opened++;
      kept = [number, ...kept.filter((other) => other !== number)].slice(0, keptInTurn + 4);
    }
    assert.ok(opened < order.length / 5, `${opened} for ${order.length}`);
  });
});

async function dumpOf(context: SearchContext, afterMeasuring?: () => Promise<unknown>): Promise<unknown[]> {
  const request = {
    ...questionDefaults,
    films: collection.films,
    scope: 'all',
    excludeNear: 2,
    perShot: 2,
  } as const;
  const plan = await planTopk(collection, { ...request, shotThreshold: 0.9 }, context);
  await afterMeasuring?.();
  const found: unknown[] = [];
  await plan.run(
    () => true,
    async ({ entry }, frames) => void found.push(entry.name, frames),
  );
  return found;
}

/** Directions that drift, each third of them coming again, so that scores tie. */
function madeFilm(name: string, frames: number, seed: number): MadeFilm {
  const dim = 100;
  const rows = Array.from({ length: frames }, (_, frame) =>
    Array.from({ length: dim }, (_, i) => Math.fround(Math.sin((i + 1) * (1 + ((frame * seed) % 30)) * 0.1))),
  );
  return { name, dim, rows };
}
