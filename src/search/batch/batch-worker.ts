/**
 * What the threads of batch work do: pair tasks, and making sketches. A thread keeps blocks that its next tasks may
 * need.
 */
import type { ReadingOptions } from '../../collection/film-arrays.js';
import { GialloError, orError } from '../../errors.js';
import { removeDamaged } from '../../search-index/clear.js';
import type { WorkerTasks } from '../../threads/messages.js';
import { type BlockRows, basisOf, openSketchedBlock, readBlock, type SketchedBlock } from './block-rows.js';
import type { FilmBlock, FilmSource } from './film-block.js';
import { keptInTurn, type PairTask, roomForPairs, type ScoredPair } from './pair-task.js';
import { scoreRows } from './score-rows.js';
import { type SketchKinds, sketchTasks } from './sketch-tasks.js';
import { openRowStore } from './sketches/row-store.js';
import { type ScoringMemory, scoreSketches, surveySketches } from './sketches/score-sketches.js';
import { createSketchTiler } from './sketches/sketch-tiles.js';

/** What a thread can do. */
export interface BatchKinds extends SketchKinds {
  readonly scorePair: { readonly task: PairTask; readonly result: ScoredPair };
}

/** Carries out pair tasks, one at a time. */
export interface PairRunner {
  /** Errors: those of reading films; `file-unreadable` for films that were replaced since they were measured. */
  run(task: PairTask): Promise<ScoredPair>;
  /** Gives files and memory back. */
  end(): void;
}

/** Makes a runner that keeps blocks and memory from task to task until `end`. */
export function createPairRunner(): PairRunner {
  const sketched = new BlockCache<SketchedBlock>(({ close }) => close());
  const read = new BlockCache<BlockRows>(() => {});
  let memory: ScoringMemory | undefined;
  const memoryFor = ({ dim, ...a }: FilmBlock, b: FilmBlock): ScoringMemory => {
    const frames = Math.max(a.frames, b.frames);
    if (memory?.rows.dim === dim && memory.rows.frames >= frames) return memory;
    memory?.rows.release();
    memory = { tiler: memory?.tiler ?? createSketchTiler(), rows: openRowStore(dim, frames) };
    return memory;
  };
  const checked = new Set<string>();
  /** Checks the index files of these films, each once, and removes damaged ones. */
  const checkIndexFiles = (films: readonly FilmSource[]) => {
    for (const { indexed } of films) {
      if (!indexed || checked.has(indexed.rows)) continue;
      checked.add(indexed.rows);
      removeDamaged(indexed);
    }
  };
  return {
    async run(task) {
      const { a, b } = task.questions[0];
      if (haveCommonBasis(a, b)) {
        const found = await orError(() => runOnSketches(task, sketched, memoryFor(a, b)));
        if (!(found instanceof GialloError)) return found;
        // The task is done without sketches: what is damaged in the index is read from the archives.
        sketched.clear();
        if (found.code === 'index-damaged') checkIndexFiles([...a.films, ...b.films]);
      }
      return task.isSurvey ? nothingFound(task) : runOnRows(task, read);
    },
    end() {
      sketched.clear();
      read.clear();
      memory?.rows.release();
      memory = undefined;
    },
  };
}

function haveCommonBasis(a: FilmBlock, b: FilmBlock): boolean {
  const basis = basisOf(a.films[0]);
  return basis !== undefined && [...a.films, ...b.films].every((film) => basisOf(film) === basis);
}

async function runOnSketches(
  task: PairTask,
  blocks: BlockCache<SketchedBlock>,
  memory: ScoringMemory,
): Promise<ScoredPair> {
  const open = (block: FilmBlock) => openSketchedBlock(block, task.reading);
  const a = await blocks.take(task.questions[0].a, open);
  const b = await blocks.take(task.questions[0].b, open);
  return task.isSurvey ? surveySketches(a, b, task, memory.tiler) : scoreSketches(a, b, task, memory);
}

function nothingFound({ questions }: PairTask): ScoredPair {
  const nothing = roomForPairs(0);
  return {
    found: questions.map(() => ({ forward: nothing, backward: nothing })),
    counts: { bounded: 0, left: 0, scored: 0 },
  };
}

async function runOnRows(task: PairTask, blocks: BlockCache<BlockRows>): Promise<ScoredPair> {
  const open = (block: FilmBlock, reading: ReadingOptions | undefined = task.reading) =>
    readBlock(block, reading);
  const a = await blocks.take(task.questions[0].a, open);
  const b = await blocks.take(task.questions[0].b, open);
  return scoreRows(a, b, task);
}

/** Bytes of the blocks that a thread keeps beside the two of its task. */
const mostKeptBytes = 24 * 2 ** 20;
/**
 * The most blocks that are kept: those that are scored in turn, and the two before and two now that they are scored
 * with.
 */
const mostKept = keptInTurn + 4;

/**
 * The blocks used last: those of the task, and others while they are small, since opening small films takes longest.
 */
class BlockCache<Opened extends { readonly block: FilmBlock; readonly byteLength: number }> {
  readonly #close: (opened: Opened) => void;
  /** The block used last comes first. */
  #kept: readonly Opened[] = [];

  constructor(close: (opened: Opened) => void) {
    this.#close = close;
  }

  /** The block as it is kept, or else opened by `open`. */
  async take(block: FilmBlock, open: (block: FilmBlock) => Promise<Opened>): Promise<Opened> {
    const known = this.#kept.find((opened) => opened.block.number === block.number);
    const others = this.#kept.filter((opened) => opened !== known);
    let bytes = others.reduce((sum, { byteLength }) => sum + byteLength, 0);
    // Blocks are closed before another is opened, so that the limits are never exceeded.
    while (others.length > 1 && (bytes > mostKeptBytes || others.length >= mostKept)) {
      const last = others.pop() as Opened;
      bytes -= last.byteLength;
      this.#close(last);
    }
    this.#kept = others;
    const opened = known ?? (await open(block));
    this.#kept = [opened, ...others];
    return opened;
  }

  clear(): void {
    for (const opened of this.#kept) this.#close(opened);
    this.#kept = [];
  }
}

/** Called in the threads. @public */
export const workerTasks: WorkerTasks<BatchKinds> = {
  scorePair: createPairRunner().run,
  ...sketchTasks,
};
