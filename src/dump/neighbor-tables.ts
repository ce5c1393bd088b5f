/** A film's neighbours as Parquet: for query engines and data frames, and for Embedding Atlas. */
import type { FileHandle } from 'node:fs/promises';
import type { Data, DataType, Table } from 'apache-arrow';
import { requireUnicode } from '../convert/frames.js';
import { loadParquet, type ParquetLibrary, writeTables } from '../convert/parquet-library.js';
import type { FrameNeighbors } from '../reports/topk.js';
import { secondsOf, type TimesByName } from '../times/film-times.js';

export interface NeighborTables {
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
 * Writes a row a frame: `film`, `index` int32, `seconds` double or null, `filename`, `note` (why a frame has no
 * neighbours) or null, and `neighbors`: a list of structs `film`, `index`, `seconds`, `filename`, `score` double. With
 * `atlas` the row of the frame, `id` int32, stands before these, and `neighbors` is a struct of two lists, `ids` int32 and
 * `distances` double. Closest first. The same frames give the same bytes. Errors: `value-unrepresentable` for a filename
 * that UTF-8 cannot hold, naming `place`; `usage` where the libraries are missing; those of the file system as they are.
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
    const { Float64, Int32, Utf8 } = this.#arrow;
    for (const { filename } of places) requireUnicode(filename, this.#place);
    const seconds = places.map(({ film, index }) => secondsOf(this.#times, film, index) ?? null);
    return [
      this.#column(
        'film',
        new Utf8(),
        places.map(({ film }) => film),
      ),
      this.#column(
        'index',
        new Int32(),
        places.map(({ index }) => index),
      ),
      this.#column('seconds', new Float64(), seconds, true),
      this.#column(
        'filename',
        new Utf8(),
        places.map(({ filename }) => filename),
      ),
    ];
  }

  notes(frames: readonly FrameNeighbors[]): Column {
    return this.#column(
      'note',
      new this.#arrow.Utf8(),
      frames.map(({ note }) => note ?? null),
      true,
    );
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
    return this.#column(name, new this.#arrow.Int32(), rows);
  }

  #scores(name: string, scores: readonly number[]): Column {
    return this.#column(name, new this.#arrow.Float64(), scores);
  }

  #column(
    name: string,
    type: DataType,
    values: readonly (string | number | null)[],
    isNullable = false,
  ): Column {
    return { name, data: this.#arrow.vectorFromArray(values, type).data[0] as Data, isNullable };
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
