/** Writes the index files of a film: its rows from the archive, which is read once, and its sketches from the rows. */
import { type Film, type FilmEntry, openFilm } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { infiniteWarnings } from '../collection/film-warning.js';
import { GialloError } from '../errors.js';
import { createProfiler, type FilmProfile } from '../ranking/profiler.js';
import { countRows, squaredNormRange } from '../ranking/rows.js';
import { type NamesSection, openFilmRows, type RowsMeta, rowsKind, withoutPath } from './film-rows.js';
import { type SketchesMeta, sketchesKind } from './film-sketches.js';
import { fingerprintOf } from './fingerprint.js';
import { projectedRows } from './projector.js';
import { damaged } from './section-file.js';
import { createSectionFile, type SectionWriter } from './section-writer.js';
import type { RowSketcher } from './sketch.js';

/**
 * Reads a film and writes its rows file to `path`. Errors: those of reading the film, `archive-corrupt` if it changed
 * meanwhile, `file-unwritable`.
 */
export async function writeFilmRows(
  entry: FilmEntry,
  path: string,
  reading: ReadingOptions | undefined,
): Promise<void> {
  const fingerprint = await fingerprintOf(entry, reading);
  const film = await openFilm(entry, reading);
  const writer = createSectionFile<RowsMeta>(path, rowsKind);
  try {
    const { filenames, warnings } = await film.readFilenames();
    const { profile, becameInfinite } = await copyRows(film, writer);
    const { squaredNorms, cosines, typicalDistance, scorelessRows } = profile;
    writer.append('norms', squaredNorms);
    writer.append('cosines', cosines);
    const names: NamesSection = { filenames, scoreless: [...scorelessRows] };
    writer.append('names', Buffer.from(JSON.stringify(names)));
    if ((await fingerprintOf(entry, reading)) !== fingerprint) {
      throw new GialloError('archive-corrupt', `${entry.path}: the file changed while it was being read`);
    }
    const infinite = infiniteWarnings(entry.path, becameInfinite);
    writer.finish({
      film: entry.name,
      fingerprint,
      frames: film.frames,
      dim: film.dim,
      ...countRows(squaredNorms),
      isDeflated: film.compression === 'deflated',
      warnings: [...film.warnings, ...warnings, ...infinite].map((warning) =>
        withoutPath(warning, entry.path),
      ),
      typicalDistance: Number.isNaN(typicalDistance) ? null : typicalDistance,
    });
  } finally {
    writer.abandon();
    await film.close();
  }
}

async function copyRows(
  film: Film,
  writer: SectionWriter<RowsMeta>,
): Promise<{ readonly profile: FilmProfile; readonly becameInfinite: number }> {
  const { frames, dim } = film;
  const checks = new Uint32Array(frames);
  const profiler = createProfiler(frames, dim);
  let becameInfinite = 0;
  for await (const block of film.readCheckedBlocks(checks)) {
    becameInfinite += block.becameInfinite;
    profiler.add(block);
    writer.append('rows', block.values, 'unchecked');
  }
  writer.append('checks', checks);
  return { profile: profiler.finish(), becameInfinite };
}

/**
 * Writes the sketch file of the film whose rows file is at `rowsPath`. Without a sketcher, the file says that the film
 * has no sketches. Errors: `index-damaged`, `file-unwritable`.
 */
export function writeFilmSketches(
  rowsPath: string,
  path: string,
  sketcher: RowSketcher | undefined,
  unchecked?: 'unchecked',
): void {
  const rows = openFilmRows(rowsPath);
  if (!rows) throw damaged(rowsPath, 'it is missing');
  const { film, fingerprint, frames, dim, zero, nonFinite, isDeflated, warnings } = rows.meta;
  const writer = createSectionFile<SketchesMeta>(path, sketchesKind);
  try {
    const squaredNorms = rows.squaredNorms();
    const sketched = sketcher ? frames : 0;
    const checks = new Int32Array(sketched);
    const remainders = new Float32Array(sketched);
    let coding = 0;
    for (let first = 0; sketcher && first < sketched; first += projectedRows) {
      const count = Math.min(projectedRows, frames - first);
      const values = sketcher.memory.subarray(0, count * dim);
      rows.readRows(first, values, unchecked);
      const sketches = sketcher.sketch(values, squaredNorms.subarray(first, first + count));
      checks.set(sketches.checks, first);
      remainders.set(sketches.remainders, first);
      coding = Math.max(coding, sketches.coding);
      writer.append('codes', sketches.codes);
    }
    writer.append('remainders', remainders);
    writer.append('checks', checks);
    const facts = { film, fingerprint, frames, dim, zero, nonFinite, isDeflated, warnings };
    const basis = sketcher?.basis ?? null;
    const measures = { squaredNorms: squaredNormRange(squaredNorms), leftover: meanSquare(remainders) };
    writer.finish({ ...facts, ...measures, basis, width: sketcher?.width ?? 0, coding });
  } finally {
    writer.abandon();
    rows.close();
  }
}

/** The mean square of the remainders of rows that have a direction; 0 without such rows. */
function meanSquare(remainders: Float32Array): number {
  const used = remainders.filter((remainder) => remainder > 0);
  return used.length === 0
    ? 0
    : used.reduce((sum, remainder) => sum + remainder * remainder, 0) / used.length;
}
