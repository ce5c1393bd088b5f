/**
 * Checks that numpy reads what giallo has converted, and the other way round. run.sh runs it; it needs Python.
 *
 *   node --import tsx test/interop/numpy.ts python3 /usr/bin/python3
 *
 * Each interpreter makes films, and checks what giallo made from them. The exit code is 1 if one finds a difference.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConvertOptions, convertFile } from '../../src/convert/convert-file.js';
import { type FormName, formOfPath } from '../../src/convert/forms.js';
import { plainOptions } from '../convert/frames-in-memory.js';

for (const python of process.argv.slice(2)) await checkWith(python);

async function checkWith(python: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'giallo-interop-'));
  try {
    run(python, 'make-films.py', folder);
    for (const file of await readdir(folder)) {
      if (file.endsWith('.source.json')) await convertFilm(folder, file.slice(0, -'.source.json'.length));
    }
    run(python, 'check-films.py', folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function convertFilm(folder: string, name: string): Promise<void> {
  const convert = (from: string, to: string, chosen: Partial<ConvertOptions> = {}) => {
    const source = { path: join(folder, `${name}.${from}`), form: formOfPath(`.${from}`) as FormName };
    const target = join(folder, `${name}.${to}`);
    const conversion = { sources: [source], isMerge: false, target, to: formOfPath(`.${to}`) as FormName };
    return convertFile(conversion, { ...plainOptions, ...chosen });
  };
  await convert('source.json', 'npz');
  await convert('source.npz', 'stored.npz', { compression: 'stored' });
  await convert('source.json', 'half.npz', { dtype: 'float16' });
  await convert('source.npz', 'json');
  // Through all formats one after another, so that a loss in any of them is found at the end.
  await convert('npz', 'csv');
  await convert('csv', 'parquet');
  await convert('parquet', 'npy');
}

function run(python: string, script: string, folder: string): void {
  const { status, error } = spawnSync(python, [join(import.meta.dirname, script), folder], {
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) process.exitCode = 1;
}
