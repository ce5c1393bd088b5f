// inflate.mjs <folder>
// Inflates the vectors of all films in plain Node, as many at a time as there are cores, and does nothing with them. No
// Node program that reads these archives can be faster.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { embeddingsMember, readHeader } from './film-archive.mjs';

const folder = process.argv[2];
const paths = readdirSync(folder)
  .filter((name) => name.endsWith('.npz'))
  .sort()
  .map((name) => `${folder}/${name}`);
const films = [];
let next = 0;
await Promise.all(Array.from({ length: availableParallelism() }, inflateFilms));
process.stdout.write(`${JSON.stringify({ films })}\n`);

async function inflateFilms() {
  for (let number = next++; number < paths.length; number = next++) {
    const { deflated, size } = embeddingsMember(await readFile(paths[number]));
    const npy = await promisify(inflateRaw)(deflated, { chunkSize: size, maxOutputLength: size });
    films[number] = { film: basename(paths[number], '.npz'), frames: readHeader(npy).frames };
  }
}
