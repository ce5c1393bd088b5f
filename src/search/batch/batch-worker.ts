/**
 * What the threads of batch work do: pair tasks, and making sketches. A thread keeps blocks that its next tasks may
 * need.
 */
import { catchGiallo, GialloError } from '../../errors.js';
import { removeDamaged } from '../../search-index/clear.js';
import type { WorkerTasks } from '../../threads/messages.js';
import type { FilmSource } from './batch-films.js';
import { type BlockRows, basisOf, openSketchedBlock, readBlock, type SketchedBlock } from './block-rows.js';
import type { FilmBlock } from './film-block.js';
import {
  type AskedBlocks,
  askedBlocks,
  mostKept,
  type PairResult,
  type PairTask,
  type PairWork,
  roomForPairs,
  type ScoredPair,
} from './pair-task.js';
import { scoreRows } from './score-rows.js';
import { SketchTrial } from './scoring-costs.js';
import { type SketchKinds, sketchTasks } from './sketch-tasks.js';
import { openRowStore } from './sketches/row-store.js';
import { type ScoringMemory, scoreSketches, surveySketches } from './sketches/score-sketches.js';
import { createSketchTiler } from './sketches/sketch-tiles.js';

/** What a thread can do. */
export interface BatchKinds extends SketchKinds {
  readonly scorePair: { readonly task: PairTask; readonly result: ScoredPair };
  readonly surveyPair: { readonly task: PairTask; readonly result: readonly PairResult[] };
}

/** Carries out pair tasks, one at a time. */
export interface PairRunner {
  /** Errors: those of reading films; `file-unreadable` for films that were replaced since they were measured. */
  scorePair(task: PairTask): Promise<ScoredPair>;
  /** What `surveySketches` finds; nothing if there are no sketches. */
  surveyPair(task: PairTask): Promise<readonly PairResult[]>;
}

/**
 * Makes a runner for the tasks of this work. It keeps blocks and memory from task to task until `end`, which gives files
 * and memory back.
 */
export function createPairRunner(work: PairWork): PairRunner & { end(): void } {
  const { reading } = work;
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
  /** Undefined if there are no sketches, or some are damaged. */
  const onSketches = async <Result>(
    a: FilmBlock,
    b: FilmBlock,
    score: (a: SketchedBlock, b: SketchedBlock, memory: ScoringMemory) => Result,
  ): Promise<Result | undefined> => {
    if (!haveCommonBasis(a, b)) return undefined;
    const open = (block: FilmBlock) => openSketchedBlock(block, reading);
    const found = await catchGiallo(async () => {
      const memory = memoryFor(a, b);
      return score(await sketched.take(a, open), await sketched.take(b, open), memory);
    });
    if (!(found instanceof GialloError)) return found;
    sketched.clear();
    if (found.code === 'index-damaged') checkIndexFiles([...a.films, ...b.films]);
    return undefined;
  };
  const onRows = async (asked: AskedBlocks): Promise<ScoredPair> => {
    const [{ a, b }] = asked.questions;
    const open = (block: FilmBlock) => readBlock(block, reading);
    return scoreRows(await read.take(a, open), await read.take(b, open), asked);
  };
  const trial = new SketchTrial();
  return {
    async scorePair(task) {
      const asked = askedBlocks(work, task);
      const [{ a, b }] = asked.questions;
      const bySketches = (a: SketchedBlock, b: SketchedBlock, memory: ScoringMemory) => {
        const found = scoreSketches(a, b, asked, memory);
        trial.record(found ? 'useful' : 'given-up');
        return found;
      };
      // What is damaged in the index is read from the archives.
      return (trial.isDue() ? await onSketches(a, b, bySketches) : undefined) ?? onRows(asked);
    },
    async surveyPair(task) {
      const asked = askedBlocks(work, task);
      const [{ a, b }] = asked.questions;
      const found = await onSketches(a, b, (first, second, { tiler }) =>
        surveySketches(first, second, asked, tiler),
      );
      return found ?? task.asked.map(() => ({ forward: roomForPairs(0), backward: roomForPairs(0) }));
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

/** Bytes of the blocks that a thread keeps beside the two of its task. */
const mostKeptBytes = 24 * 2 ** 20;

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
export const workerTasks: WorkerTasks<BatchKinds, PairWork> = {
  scorePair: (task, { shared }) => runnerFor(shared).scorePair(task),
  surveyPair: (task, { shared }) => runnerFor(shared).surveyPair(task),
  ...sketchTasks,
};

/** The runner of this thread. */
let runner: PairRunner | undefined;

function runnerFor(work: PairWork): PairRunner {
  runner ??= createPairRunner(work);
  return runner;
}
