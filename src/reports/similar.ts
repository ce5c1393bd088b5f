/** `giallo similar`: the nearest frames to one frame or several. */
import type { Collection } from '../collection/collection.js';
import type { FrameName } from '../collection/frame-name.js';
import { NamedFilms } from '../collection/named-films.js';
import { catchGiallo, GialloError } from '../errors.js';
import type { Filters } from '../ranking/film-selection.js';
import type { Metric } from '../ranking/metric.js';
import {
  type Answer,
  type AnswerFrame,
  type Result,
  requireAnyRead,
  type Searched,
  type SkippedFilm,
} from '../search/answer.js';
import { openIndexOf, type SearchContext } from '../search/context.js';
import {
  byDim,
  type FrameQuestion,
  readQuestions,
  resolveQuestions,
  sequentially,
} from '../search/frame-questions.js';
import { openQueryFrames, type QueryFrames } from '../search/query-frames.js';
import {
  type Combination,
  filmsInScope,
  type Question,
  questionDefaults,
  type Scope,
} from '../search/question.js';

/** How to search; what is left out has the default of `questionDefaults`. */
export interface SimilarOptions extends Partial<Filters> {
  /** Where to look: the films asked about, every film, every other film, or those named by any of their spellings. */
  readonly scope?: 'own' | 'all' | 'others' | { readonly in: readonly string[] };
  readonly combine?: Combination;
}

/** The answer, and the JSON that `giallo similar --json` prints. */
export interface SimilarReport {
  readonly v: 1;
  readonly metric: Metric;
  readonly k: number;
  /** The frames that were asked about. */
  readonly query: readonly AnswerFrame[];
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  readonly results: readonly Result[];
}

/**
 * The frames most similar to `frames` (one, or several combined), closest first. `named` receives the films that are
 * named. Errors: those of naming films and
 * frames, of reading the films asked about, `query-unusable`, `dim-mismatch`, `films-skipped` (none could be read).
 */
export async function similar(
  collection: Collection,
  frames: readonly FrameName[],
  options: SimilarOptions = {},
  context: SearchContext = {},
  named = new NamedFilms(collection),
): Promise<SimilarReport> {
  const [answer] = await similarBatch(collection, [frames], options, context, named);
  if (answer instanceof GialloError) throw answer;
  return answer as SimilarReport;
}

/**
 * Answers many questions, each as `similar`, in one pass over the films; an error is in the place of a question that
 * cannot be answered. Memory grows with the number of questions: give some hundreds at a time, with one `named` for
 * all of them, so that films elsewhere keep their names.
 */
export async function similarBatch(
  collection: Collection,
  questions: readonly (readonly FrameName[])[],
  options: SimilarOptions = {},
  context: SearchContext = {},
  named = new NamedFilms(collection),
): Promise<(SimilarReport | GialloError)[]> {
  const settings = { ...questionDefaults, ...options };
  const index = await openIndexOf(context);
  const queryFrames = openQueryFrames(collection, context, index, named);
  try {
    const resolved = await resolveQuestions(questions, queryFrames);
    const scope = resolveScope(queryFrames, settings.scope);
    // The code of the search is loaded while zlib inflates the films asked about.
    const [asked, { search }] = await Promise.all([
      readQuestions(resolved, queryFrames, settings),
      import('../search/search.js'),
    ]);
    const reports = new Map<FrameQuestion, SimilarReport | GialloError>();
    for (const group of byDim(asked)) {
      const posed = group.map((one) => pose(one, scope, collection));
      const { answers, skipped } = await search(posed, settings, context, {
        films: queryFrames.opened,
        index,
      });
      for (const [i, one] of group.entries()) {
        const paths = new Set(posed[i]?.scope.map(({ path }) => path));
        const missed = skipped.filter(({ path, code }) => paths.has(path) || code === 'engine-shard-down');
        reports.set(one, await catchGiallo(() => report(one, answers[i], missed, settings)));
      }
    }
    return await sequentially(asked, async (one, i) => {
      const frames = resolved[i];
      if (frames instanceof GialloError) return frames;
      const unreadable = await catchGiallo(() => queryFrames.check(frames));
      return unreadable ?? (one instanceof GialloError ? one : (reports.get(one) as SimilarReport));
    });
  } finally {
    await queryFrames.close();
    index?.close();
  }
}

type Settings = Filters & { readonly combine: Combination };

function resolveScope({ film }: QueryFrames, scope: SimilarOptions['scope']): Scope {
  if (typeof scope !== 'object') return scope ?? questionDefaults.scope;
  return { in: scope.in.map((name) => film(name)) };
}

function pose({ frames, vectors }: FrameQuestion, scope: Scope, collection: Collection): Question {
  return {
    vectors,
    origin: frames,
    scope: filmsInScope(
      scope,
      collection,
      frames.map(({ film }) => film),
    ),
  };
}

function report(
  { frames }: FrameQuestion,
  answer: Answer,
  skipped: readonly SkippedFilm[],
  { metric, k }: Settings,
): SimilarReport {
  requireAnyRead(answer.searched, skipped);
  const query = frames.map(({ film, index, filename }) => ({ film: film.name, index, filename }));
  return { v: 1, metric, k, query, searched: answer.searched, skipped, results: answer.results };
}
