/** What every search is given beside its question: how to read, how hard to work, whom to tell. */
import type { FilmWarning, ReadingOptions } from '../collection/film.js';
import type { Engine } from '../engine/engine.js';
import type { Progress } from '../progress.js';
import type { ThreadBudget } from '../threads/thread-budget.js';
import type { EngineUse } from './engine-use.js';
import type { IndexPlace, IndexUse } from './index-use.js';

export interface SearchContext extends ThreadBudget {
  /** Names of the arrays, and how to read dtypes that numpy cannot name. */
  readonly reading?: ReadingOptions | undefined;
  /** Where the collection is, if it is in no folder: `search` asks there. */
  readonly engine?: Engine | undefined;
  /** Ends the work: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Where to look for the search index of the collection; by default films are read from their archives. */
  readonly index?: IndexPlace | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told once a film for what is odd with it but did not stop the search. */
  readonly onWarning?: ((film: string, warning: FilmWarning) => void) | undefined;
  /** Told what is worth knowing of how the work is done. */
  readonly onHint?: ((text: string) => void) | undefined;
  /** Told after each search what was read for it. */
  readonly onIndexUse?: ((use: IndexUse) => void) | undefined;
  readonly onEngineUse?: ((use: EngineUse) => void) | undefined;
}
