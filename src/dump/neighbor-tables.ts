/** A film's neighbours as Parquet: for query engines and data frames, and for Embedding Atlas. */
import type { FileHandle } from 'node:fs/promises';
import type { Data, Table } from 'apache-arrow';
import { requireUnicode } from '../convert/frames.js';
import { loadParquet, type ParquetLibrary, writeTables } from '../convert/parquet-library.js';
import type { FrameNeighbors } from '../reports/topk.js';
import { secondsOf, type TimesByName } from '../times/film-times.js';

interface NeighborTables {
  readonly frames: readonly FrameNeighbors[];
  /** The most neighbours that a frame may have. */
  readonly k: number;
  readonly times: TimesByName;
}

/** How frames are numbered through all films, for Embedding Atlas. */
export interface AtlasRows {
  /** The row of a film's first frame. */
  readonly firstRows: ReadonlyMap<string, number>;
  /** The distance that a score is. */
  distanceOf(score: number): number;
}

/** About how many neighbours become a table, and how many tables a row group: what is held in memory at once. */
const tableNeighbors = 1 << 16;
const tablesPerGroup = 16;

/**
 * Writes a row for each frame: `film`, `index` int32, `seconds` double or null, `filename`, `note` (why a frame has no
 * neighbours) or null, and `neighbors`, closest first: a list of structs `film`, `index`, `seconds`, `filename`,
 * `score` double. With `atlas`, the first column is the row of the frame, `id` int32, and `neighbors` is a struct of
 * two lists, `ids` int32 and `distances` double. The same frames give the same bytes. Errors: `value-unrepresentable`
 * for a filename that UTF-8 cannot hold, naming `place`; `usage` if the libraries are missing; those of the file system
 * as they are.
 */
export async function writeNeighborTables(
  file: FileHandle,
  place: string,
  { frames, k, times }: NeighborTables,
  atlas?: AtlasRows,
): Promise<void> {
  const library = await loadParquet();
  const columns = new Columns(library, place, times);
  const rowsOfTable = Math.max(1, Math.floor(tableNeighbors / k));
  function* tables(): Generator<Table, void, void> {
    // A film without frames has a schema, too.
    for (let row = 0; row === 0 || row < frames.length; row += rowsOfTable) {
      const some = frames.slice(row, row + rowsOfTable);
      yield columns.table([
        ...(atlas ? [columns.rows('id', some, atlas)] : []),
        ...columns.places(some),
        columns.notes(some),
        atlas ? columns.atlasNeighbors(some, atlas) : columns.neighbors(some),
      ]);
    }
  }
  await writeTables(file, library, tables(), (properties) =>
    properties.setMaxRowGroupSize(rowsOfTable * tablesPerGroup),
  );
}

interface Column {
  readonly name: string;
  readonly data: Data;
  readonly isNullable: boolean;
}

type Place = Pick<FrameNeighbors, 'film' | 'index' | 'filename'>;

/** Columns of Arrow, made of frames. */
class Columns {
  readonly #arrow: ParquetLibrary['arrow'];
  readonly #place: string;
  readonly #times: TimesByName;

  constructor({ arrow }: ParquetLibrary, place: string, times: TimesByName) {
    this.#arrow = arrow;
    this.#place = place;
    this.#times = times;
  }

  table(columns: readonly Column[]): Table {
    const { RecordBatch, Schema, Table } = this.#arrow;
    const data = this.#struct(columns);
    return new Table([new RecordBatch(new Schema(data.type.children), data)]);
  }

  places(places: readonly Place[]): Column[] {
    for (const { filename } of places) requireUnicode(filename, this.#place);
    return [
      this.#text(
        'film',
        places.map(({ film }) => film),
      ),
      this.#whole(
        'index',
        places.map(({ index }) => index),
      ),
      this.#seconds(places),
      this.#text(
        'filename',
        places.map(({ filename }) => filename),
      ),
    ];
  }

  notes(frames: readonly FrameNeighbors[]): Column {
    const { Utf8, vectorFromArray } = this.#arrow;
    const notes = frames.map(({ note }) => note ?? null);
    return { name: 'note', data: vectorFromArray(notes, new Utf8()).data[0] as Data, isNullable: true };
  }

  neighbors(frames: readonly FrameNeighbors[]): Column {
    const found = frames.flatMap(({ neighbors }) => neighbors);
    const scores = this.#scores(
      'score',
      found.map(({ score }) => score),
    );
    return this.#lists('neighbors', frames, this.#struct([...this.places(found), scores]));
  }

  atlasNeighbors(frames: readonly FrameNeighbors[], atlas: AtlasRows): Column {
    const found = frames.flatMap(({ neighbors }) => neighbors);
    const distances = this.#scores(
      '',
      found.map(({ score }) => atlas.distanceOf(score)),
    );
    const lists = [
      this.#lists('ids', frames, this.rows('', found, atlas).data),
      this.#lists('distances', frames, distances.data),
    ];
    return { name: 'neighbors', data: this.#struct(lists), isNullable: false };
  }

  rows(name: string, places: readonly Place[], { firstRows }: AtlasRows): Column {
    const rows = places.map(({ film, index }) => (firstRows.get(film) as number) + index);
    return this.#whole(name, rows);
  }

  #text(name: string, values: readonly string[]): Column {
    const { makeData, Utf8 } = this.#arrow;
    const length = values.length;
    const valueOffsets = new Int32Array(length + 1);
    for (const [i, value] of values.entries())
      valueOffsets[i + 1] = valueOffsets[i] + Buffer.byteLength(value);
    const data = Buffer.from(values.join(''));
    const type = new Utf8();
    return { name, data: makeData({ type, length, nullCount: 0, valueOffsets, data }), isNullable: false };
  }

  #whole(name: string, values: readonly number[]): Column {
    const { Int32, makeData } = this.#arrow;
    const data = Int32Array.from(values);
    const type = new Int32();
    return { name, data: makeData({ type, length: data.length, nullCount: 0, data }), isNullable: false };
  }

  #scores(name: string, values: readonly number[]): Column {
    const { Float64, makeData } = this.#arrow;
    const data = Float64Array.from(values);
    const type = new Float64();
    return { name, data: makeData({ type, length: data.length, nullCount: 0, data }), isNullable: false };
  }

  /** Null if the moment is not known: a bit for each says whether it is. */
  #seconds(places: readonly Place[]): Column {
    const { Float64, makeData } = this.#arrow;
    const length = places.length;
    const data = new Float64Array(length);
    const nullBitmap = new Uint8Array(Math.ceil(length / 8));
    let nullCount = 0;
    for (const [i, { film, index }] of places.entries()) {
      const seconds = secondsOf(this.#times, film, index);
      if (seconds === undefined) nullCount++;
      else {
        data[i] = seconds;
        nullBitmap[i >> 3] |= 1 << (i & 7);
      }
    }
    const column = makeData({ type: new Float64(), length, nullCount, nullBitmap, data });
    return { name: 'seconds', data: column, isNullable: true };
  }

  /** One list a frame, as long as its neighbours are many. */
  #lists(name: string, frames: readonly FrameNeighbors[], child: Data): Column {
    const { Field, List, makeData } = this.#arrow;
    const valueOffsets = new Int32Array(frames.length + 1);
    for (const [row, { neighbors }] of frames.entries())
      valueOffsets[row + 1] = valueOffsets[row] + neighbors.length;
    const type = new List(new Field('item', child.type, false));
    const data = makeData({ type, length: frames.length, nullCount: 0, valueOffsets, child });
    return { name, data, isNullable: false };
  }

  #struct(columns: readonly Column[]) {
    const { Field, Struct, makeData } = this.#arrow;
    const fields = columns.map(({ name, data, isNullable }) => new Field(name, data.type, isNullable));
    const children = columns.map(({ data }) => data);
    return makeData({ type: new Struct(fields), length: children[0]?.length ?? 0, nullCount: 0, children });
  }
}
