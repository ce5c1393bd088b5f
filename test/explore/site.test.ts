import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { openCollection } from '../../src/collection/collection.js';
import { measureFile } from '../../src/dump/manifest.js';
import { buildSite, type SiteOutcome } from '../../src/explore/site.js';
import { type FilmData, type HomeData, unpack } from '../../src/explore/site-data.js';
import { readDataScript } from '../../src/explore/site-files.js';
import { withLock } from '../../src/files/lock.js';
import { openPictureFolder } from '../../src/pictures/picture-folder.js';
import type { Progress } from '../../src/progress.js';
import { planTopk } from '../../src/reports/topk.js';
import { questionDefaults } from '../../src/search/question.js';
import { hasAllCases, withoutCases } from '../cases.js';
import { filesIn } from '../files-in.js';
import { writeFilm } from '../oracle/made-films.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { film, makeFilms, paint } from './painted-films.js';

interface Asked {
  readonly k?: number;
  readonly force?: boolean;
  readonly without?: readonly Float32Array[];
  readonly leftOut?: readonly string[];
  readonly isLinked?: boolean;
  /** Ends the work when so many films are whole. */
  readonly stopAt?: number;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

class Stopped extends Error {}

/** Films and pictures, of which each test gets a copy. */
const whole = makeFilms();

test('a site stopped anywhere and made again is the same as one that was not stopped', async () => {
  const { data, site } = await madeCollection();
  await build(site, data);
  const expected = await filesIn(site);
  for (const stopAt of hasAllCases ? [0, 1, 2, 3] : [0, 2]) {
    const place = `${site}-${stopAt}`;
    await assert.rejects(build(place, data, { stopAt }), Stopped);
    await build(place, data);
    assert.deepEqual(await filesIn(place), expected, `stopped at ${stopAt}`);
  }
});

describe('a site', withoutCases, () => {
  test('has the neighbours that topk finds in the film itself and in other films', async () => {
    const { data, site } = await madeCollection();
    await build(site, data);
    const collection = await openCollection(data);
    const filters = { ...questionDefaults, k: 2, excludeNear: 'shot' } as const;
    const expected = new Map<string, string[]>();
    for (const scope of ['all', 'others'] as const) {
      for (const film of collection.films) {
        const inScope = scope === 'all' ? ({ in: [film] } as const) : scope;
        const plan = await planTopk(collection, { ...filters, films: [film], scope: inScope });
        await plan.run(
          () => true,
          async (_, frames) => {
            const said = frames.map(({ neighbors }) =>
              neighbors
                .map((one) => `${one.film}:${one.index}`)
                .sort()
                .join(' '),
            );
            expected.set(`${film.name} ${scope}`, said);
          },
        );
      }
    }
    for (const { name } of collection.films) {
      const film = await readDataScript<FilmData>(site, `data/${name}.js`);
      assert.ok(film);
      assert.deepEqual(laneText(film, 'own'), expected.get(`${name} all`));
      assert.deepEqual(laneText(film, 'others'), expected.get(`${name} others`));
    }
  });

  test('that is complete is not changed, byte for byte', async () => {
    const { data, site } = await madeCollection();
    assert.deepEqual(counts(await build(site, data)), { written: 3, kept: 0 });
    const before = await filesIn(site);
    assert.deepEqual(counts(await build(site, data)), { written: 0, kept: 3 });
    assert.deepEqual(await filesIn(site), before);
  });

  test('reads each film once for all its data', async () => {
    const { data, site } = await madeCollection();
    const read: number[] = [];
    const onProgress = ({ unit, done }: Progress) => void (unit === 'films read' && read.push(done));
    await build(site, data, { onProgress });
    assert.deepEqual(read, [1, 2, 3]);
  });

  test('is the same as a new one after films were changed, added and removed; other pictures are kept', async () => {
    const { data, site } = await madeCollection();
    await build(site, data);
    await rm(join(data, 'b.npz'));
    await writeFilm(data, film('a', 12, 5));
    await writeFilm(data, film('d', 6, 9));
    const notices: string[] = [];
    await build(site, data, {}, notices);
    assert.ok(notices.length > 0);
    await build(`${site}-fresh`, data);
    assert.deepEqual(await filesIn(site), await filesIn(`${site}-fresh`));
  });

  test('made by a version with other file names becomes the same as a new one', async () => {
    const { data, site } = await madeCollection();
    await build(site, data);
    const expected = await filesIn(site);
    for (const place of ['data/a.js', 'pictures/a.js', 'stills/a', '.giallo/a'])
      await rename(join(site, place), join(site, place.replace('/a', '/.a')));
    const text = await readFile(join(site, 'data/.a.js'), 'utf8');
    await replaceData(site, 'a', '.a.js', text.replace('data/a.js', 'data/.a.js'));
    const notices: string[] = [];
    assert.deepEqual(counts(await build(site, data, {}, notices)), { written: 1, kept: 2 });
    assert.deepEqual(notices, [`${site}/data: named by the rules of another version; removed: .a.js`]);
    assert.deepEqual(await filesIn(site), expected);
  });

  test('never leaves out a film whose data it cannot read', async () => {
    const { data, site } = await madeCollection();
    await build(site, data);
    await replaceData(site, 'b', 'b.js', 'damaged');
    await rejects(() => build(site, data), {
      code: 'input-malformed',
      message: `${join(site, 'data/b.js')}: not the data of a film`,
      hint: /--force/,
    });
  });

  test('makes only the picture again if its original has changed', async () => {
    const { data, site } = await madeCollection();
    await build(site, data);
    const before = await filesIn(site);
    const original = join(data, 'screenshots/a/a 3');
    await paint(original, { r: 10, g: 250, b: 10 });
    await utimes(original, 1, 1);
    assert.deepEqual(counts(await build(site, data)), { written: 0, kept: 3 });
    const changed = [...(await filesIn(site))].filter(([name, text]) => before.get(name) !== text);
    assert.deepEqual(
      changed.map(([name]) => name),
      ['.giallo/a', 'home.js', 'pictures/a.js', 'stills/a/3.webp'],
    );
  });

  test('names a picture that cannot be read, and continues', async () => {
    const { data, site } = await madeCollection();
    const broken = join(data, 'screenshots/a/a 1');
    await writeFile(broken, 'no picture');
    for (let run = 0; run < 2; run++) assert.deepEqual((await build(site, data)).broken, [broken]);
  });

  test('shrinks a picture that is taller than a WebP can be', async () => {
    const { data, site } = await madeCollection();
    await sharp({ create: { width: 4, height: 20_000, channels: 3, background: '#fa0' } })
      .png()
      .toFile(join(data, 'screenshots/a/a 1'));
    assert.deepEqual((await build(site, data)).broken, []);
    const { width, height } = await sharp(join(site, 'stills/a/1.webp')).metadata();
    assert.deepEqual([width, height], [3, 16_383]);
  });

  test('links the originals if small pictures are not wanted', async () => {
    const { data, site } = await madeCollection();
    await build(site, data, { isLinked: true });
    const home = await readDataScript<HomeData>(site, 'home.js');
    assert.equal(home?.films[0].strip[0].source, '../films/screenshots/a/a%200');
    assert.ok(![...(await filesIn(site)).keys()].some((name) => name.endsWith('.webp')));
  });

  test('works for one film, for films without frames and without pictures', async () => {
    const folder = temporaryFolder();
    for (const name of ['one', 'empty']) await mkdir(join(folder, name));
    await writeFilm(join(folder, 'one'), film('alone', 4, 1));
    await writeFilm(join(folder, 'empty'), { name: 'none', dim: 2, rows: [] });
    await writeFilm(join(folder, 'empty'), film('some', 3, 1));
    for (const name of ['one', 'empty']) {
      const site = join(folder, `site of ${name}`);
      await build(site, join(folder, name));
      const home = await readDataScript<HomeData>(site, 'home.js');
      assert.ok(home?.films.every(({ hasPictures }) => !hasPictures));
    }
  });

  test('leaves out all frames that show the same picture as a frame of --without, and says so', async () => {
    const { data, site } = await madeCollection();
    const [row] = film('a', 9, 1).rows;
    const asked = { without: [Float32Array.from(row)], leftOut: ['a:0'] };
    await build(site, data, asked);
    const of = async (name: string) => readDataScript<FilmData>(site, `data/${name}.js`);
    const [a, b] = [await of('a'), await of('b')];
    assert.ok(a && b);
    const found = [...laneText(a, 'own'), ...laneText(b, 'others')].flatMap((line) => line.split(' '));
    assert.ok(found.includes('a:2'));
    for (const frame of ['a:0', 'a:1']) assert.ok(!found.includes(frame), 'they are one shot, and alike');
    const home = await readDataScript<HomeData>(site, 'home.js');
    assert.deepEqual(home?.filters, ['--without', 'a:0']);
    assert.deepEqual(home?.notes, ['what is the same picture as a:0']);
    assert.deepEqual(counts(await build(site, data, asked)), { written: 0, kept: 3 });
    await rejects(() => build(site, data), { code: 'dump-differs' });
    // The film of the frame has changed; it may be none of the site's.
    const shared = await readFile(join(site, 'pairs.js'), 'utf8');
    const changed = { ...asked, without: [Float32Array.from(film('b', 9, 2).rows[4])] };
    const notices: string[] = [];
    assert.deepEqual(counts(await build(site, data, changed, notices)), { written: 3, kept: 0 });
    assert.match(notices.join('\n'), /made before a frame of --without changed; removed: a\.js, /);
    assert.notEqual(await readFile(join(site, 'pairs.js'), 'utf8'), shared);
  });

  test('refuses a second writer, other options, and an index.html that is not its own', async () => {
    const { data, site } = await madeCollection();
    await build(site, data);
    await rejects(() => build(site, data, { k: 3 }), { code: 'dump-differs' });
    await build(site, data, { k: 3, force: true });
    await withLock(site, () => rejects(() => build(site, data, { k: 3 }), { code: 'dump-locked' }));
    await writeFile(join(site, 'index.html'), 'mine');
    await rejects(() => build(site, data, { k: 3 }), { code: 'output-exists' });
    assert.equal(await readFile(join(site, 'index.html'), 'utf8'), 'mine');
    await rm(join(site, 'index.html'));
    execFileSync('mkfifo', [join(site, 'index.html')]);
    await rejects(() => build(site, data, { k: 3 }), { code: 'output-exists' });
  });
});

async function build(
  site: string,
  data: string,
  asked: Asked = {},
  notices: string[] = [],
): Promise<SiteOutcome> {
  const { k = 2, force = false, without, leftOut, isLinked, stopAt, onProgress } = asked;
  const collection = await openCollection(data);
  return buildSite(
    {
      folder: site,
      collection,
      films: collection.films,
      k,
      without,
      leftOut,
      pictures: await openPictureFolder(join(data, 'screenshots'), { isRequired: false }),
      sharp: isLinked ? undefined : sharp,
      options: ['-d', 'films'],
      isWhole: true,
      force,
      onNotice: async (text) => void notices.push(text),
      onFile(whole) {
        if (whole === stopAt) throw new Stopped();
      },
    },
    { jobs: 1, onProgress },
  );
}

/** Writes the data file of a film, and updates its entry in the manifest. */
async function replaceData(site: string, film: string, file: string, content: string): Promise<void> {
  await writeFile(join(site, 'data', file), content);
  const path = join(site, 'data/manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  Object.assign(manifest.files[film], { file, ...(await measureFile(join(site, 'data', file))) });
  await writeFile(path, JSON.stringify(manifest));
}

const counts = ({ written, kept }: SiteOutcome) => ({ written, kept });

/** `film:index` of each neighbour in the order of these names, a line a frame. */
function laneText(film: FilmData, lane: 'own' | 'others'): string[] {
  const { counts, indices, films } = film[lane];
  const [found, of] = [unpack(indices), films === '' ? undefined : unpack(films)];
  let place = 0;
  return [...unpack(counts)].map((count) =>
    Array.from({ length: count }, () => {
      const name = of ? film.films[of[place]] : film.film;
      return `${name}:${found[place++]}`;
    })
      .sort()
      .join(' '),
  );
}

/** Three films, two of them with a few pictures, beside the folder for a site. */
async function madeCollection(): Promise<{ data: string; site: string }> {
  const folder = temporaryFolder();
  const data = join(folder, 'films');
  await cp(await whole, data, { recursive: true });
  return { data, site: join(folder, 'site') };
}
