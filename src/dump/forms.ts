/** The forms of a dump's files. */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { GialloError } from '../errors.js';
import type { Metric } from '../ranking/metric.js';
import { inPieces, topkLines } from '../render/topk.js';
import type { BatchFilm } from '../search/batch/batch-films.js';
import type { TimesByName } from '../times/film-times.js';
import type { DumpForm } from './dump.js';

/** `atlas` is Parquet as Embedding Atlas takes neighbours. */
export type DumpFormat = 'ndjson' | 'csv' | 'npz' | 'parquet' | 'atlas';

/** What the files of a dump are made of. */
interface DumpContent {
  /** The most neighbours that a frame may have. */
  readonly k: number;
  readonly metric: Metric;
  /** Of the films that have times; `npz` has none. */
  readonly times: TimesByName;
  /** All films, in order. */
  readonly films: readonly BatchFilm[];
}

/** The form of a format. */
export function dumpForm(format: DumpFormat, content: DumpContent): DumpForm {
  switch (format) {
    case 'npz':
      return arrayForm(content);
    case 'parquet':
      return tableForm(content);
    case 'atlas':
      return atlasForm(content);
    default:
      return textForm(format, content);
  }
}

function textForm(format: 'ndjson' | 'csv', { times }: DumpContent): DumpForm {
  return {
    ending: `.${format}`,
    fingerprintOf: (film) => timedFingerprint(film, times),
    async write(outputs, path, frames) {
      await writeText(await outputs.create(path), topkLines(format, frames, 'first', times));
    },
  };
}

function arrayForm({ k }: DumpContent): DumpForm {
  return {
    ending: '.npz',
    requireRoom(film, frames) {
      if (frames * k * bytesPerCell <= mostBytes) return;
      throw new GialloError(
        'output-too-large',
        `${film}: expected arrays below 4 GiB, found ${frames} frames x ${k} neighbours`,
        { hint: 'ask for fewer with -k, or write --parquet, --ndjson or --csv' },
      );
    },
    async write(outputs, path, frames, { searched }) {
      const { writeNeighborArrays } = await import('./neighbor-arrays.js');
      await writeNeighborArrays(await outputs.create(path), path, { frames, filmNames: searched(), k });
    },
  };
}

/** Of the three arrays of an `.npz` together, which is written without zip64. */
const bytesPerCell = 12;
const mostBytes = 0xffff_0000;

function tableForm({ k, times }: DumpContent): DumpForm {
  return {
    ending: '.parquet',
    fingerprintOf: (film) => timedFingerprint(film, times),
    async write(outputs, path, frames) {
      const { writeNeighborTables } = await import('./neighbor-tables.js');
      await writeNeighborTables(await outputs.create(path), path, { frames, k, times });
    },
  };
}

/** Frames are numbered through the films, so a file depends on how many frames the films before its own have. */
function atlasForm({ k, times, films, metric }: DumpContent): DumpForm {
  const firstRows = new Map<string, number>();
  let rows = 0;
  for (const { entry, frames } of films) {
    firstRows.set(entry.name, rows);
    rows += frames;
  }
  const distanceOf = metric === 'cosine' ? (score: number) => 1 - score : (score: number) => score;
  return {
    ending: '.parquet',
    requireRoom() {
      if (rows <= mostRows) return;
      throw new GialloError('output-too-large', `--atlas: ${rows} frames are more than ${mostRows}`, {
        hint: 'name fewer films, and limit where to look with --in',
      });
    },
    fingerprintOf: (film) => `${timedFingerprint(film, times)} from row ${firstRows.get(film.entry.name)}`,
    async write(outputs, path, frames) {
      const { writeNeighborTables } = await import('./neighbor-tables.js');
      const file = await outputs.create(path);
      await writeNeighborTables(file, path, { frames, k, times }, { firstRows, distanceOf });
    },
  };
}

/** What a browser counts without loss and Arrow holds in 32 bits. */
const mostRows = 2 ** 31 - 1;

/** The content of a film and its times. */
function timedFingerprint({ entry, fingerprint }: BatchFilm, times: TimesByName): string {
  const its = times.get(entry.name);
  return its ? `${fingerprint} ${crc32(new Uint8Array(its.seconds.buffer))}` : fingerprint;
}

/** Lines in pieces: a dump's file can be longer than a string can. */
async function writeText(file: FileHandle, lines: Iterable<string>): Promise<void> {
  for (const piece of inPieces(lines)) await file.writeFile(piece);
}
