/** What giallo doctor reports, and that it prints no names. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { main } from '../../src/cli.js';
import { doctorView } from '../../src/commands/doctor.js';
import { type DoctorReport, diagnose } from '../../src/reports/doctor.js';
import { version } from '../../src/version.js';
import { writeFilm } from '../oracle/made-films.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Two films of one kind, one of another, and a file that is not a film. */
async function secretFolder(): Promise<string> {
  const folder = join(temporaryFolder({ 'secret/Secret.Cut.npz': 'no archive' }), 'secret');
  for (const [name, dim] of [
    ['Secret.1', 2],
    ['Secret.2', 2],
    ['Secret.3', 3],
  ] as const) {
    await writeFilm(folder, { name, dim, rows: [Array.from({ length: dim }, () => 1)] });
  }
  return folder;
}

const terminal = { columns: 80, colourLevel: 3, pictures: 'kitty' };

describe('giallo doctor', () => {
  test('counts films by kind, and unreadable films by cause', async () => {
    const dataFolder = await secretFolder();
    const env = { GIALLO_DATA: dataFolder, GIALLO_ENGINE: '', LANG: 'de_DE.UTF-8', PATH: '/bin' };
    const report = await diagnose({ dataFolder, cacheRoot: join(dataFolder, 'cache'), env, terminal });
    assert.ok(!('error' in report.collection));
    const { bytes, ...collection } = report.collection;
    assert.ok(bytes > 0);
    assert.deepEqual(collection, {
      films: 4,
      frames: 3,
      kinds: [
        { dtype: 'float32', dim: 2, films: 2 },
        { dtype: 'float32', dim: 3, films: 1 },
      ],
      unreadable: [{ code: 'not-an-archive', films: 1 }],
    });
    assert.deepEqual(report.index, { films: 4, fresh: 0, bytes: 0 });
    assert.deepEqual(report.variables, ['GIALLO_DATA']);
    assert.equal(report.locale, 'de_DE.UTF-8');
    assert.equal(report.giallo, version);
    assert.equal(report.isCacheWritable, true);
    assert.ok(report.packages.every(({ version: found, loads }) => loads === (found !== null)));
  });

  test('prints no name of a film or a folder, in any format', async () => {
    const folder = await secretFolder();
    for (const format of [[], ['--json'], ['--ndjson'], ['--csv']]) {
      const recording = recordingIo({ env: { GIALLO_CACHE: join(folder, 'cache') }, columns: 200 });
      assert.equal(await main(['doctor', '-d', folder, ...format], recording.io), 0);
      const said = recording.stdout() + recording.stderr();
      assert.match(said, /4 films|"films": ?4/);
      assert.doesNotMatch(said, /secret/i);
    }
  });

  test('also answers without a collection', async () => {
    const dataFolder = join(temporaryFolder(), 'nowhere');
    const report = await diagnose({ dataFolder, cacheRoot: dataFolder, env: {}, terminal: null });
    assert.deepEqual(report.collection, { error: 'collection-missing' });
    assert.equal(report.index, null);
  });

  test('says that the cache cannot be written', async () => {
    const root = temporaryFolder({ file: '' });
    const cacheRoot = join(root, 'file', 'giallo');
    const report = await diagnose({ dataFolder: root, cacheRoot, env: {}, terminal: null });
    assert.equal(report.isCacheWritable, false);
  });
});

test('its table has advice if something is missing', () => {
  const report: DoctorReport = {
    v: 1,
    giallo: version,
    node: 'v20.20.2',
    system: { platform: 'linux x64', release: '6.1', threads: 1, memory: 2e9 },
    kernel: 'scalar',
    locale: null,
    variables: [],
    packages: [
      { name: 'sharp', version: '0.35.5', loads: false },
      { name: 'parquet-wasm', version: null, loads: false },
    ],
    terminal,
    collection: {
      films: 4,
      frames: 9,
      bytes: 1000,
      kinds: [5, 4, 3, 2].map((dim) => ({ dtype: 'float16', dim, films: 1 })),
      unreadable: [{ code: 'archive-invalid', films: 2 }],
    },
    index: { films: 4, fresh: 1, bytes: 0 },
    isCacheWritable: false,
  };
  assert.deepEqual(
    doctorView(report)
      .table.rows.slice(4)
      .map((row) => row.join(' | ')),
    [
      'kernel | scalar | no WebAssembly SIMD here: searches take longer',
      'locale | not set | ',
      'variables | none set | ',
      'sharp | 0.35.5 | does not load here: no small pictures; install it again',
      'parquet-wasm | not installed | npm install parquet-wasm, for Parquet',
      'terminal | 80 columns, true colour, pictures: kitty | ',
      'collection | 4 films, 9 frames, 1.0 kB | ',
      'vectors | float16 × 5 (1), float16 × 4 (1), float16 × 3 (1), 1 more kind | ',
      'unreadable | archive-invalid (2) | `giallo verify` says more',
      'index | 1 of 4 films, 0 B | ',
      'cache | not writable | name a folder in $GIALLO_CACHE, or search with --no-cache',
    ],
  );
});
