/** `giallo similar`: from what was typed to what is asked. */
import { Command, Option } from 'commander';
import type { Collection } from '../collection/collection.js';
import type { Io } from '../io.js';
import type { SimilarOptions } from '../reports/similar.js';
import type { FrameName } from '../search/query-frames.js';
import { type Combination, combinations, questionDefaults } from '../search/question.js';
import { framesOfPictures } from './inputs/picture-question.js';
import { addEngineOptions, type EngineFlags, engineUrlOf } from './options/engine-options.js';
import { addFilterOptions, type FilterFlags, filtersOf, metricOption } from './options/filter-options.js';
import { parseFrameName } from './options/frame-name.js';
import {
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  addIndexOptions,
  addManyFilmsOptions,
} from './options/options.js';
import { addScopeOptions, type ScopeFlags } from './options/scope-options.js';
import { addSeeingOptions, nextOptionsOf, type SeeingFlags } from './options/seeing-options.js';
import { checkSeeing, showAnswer } from './outputs/show-answer.js';
import { type Session, startSession } from './session/session.js';

interface SimilarFlags extends SeeingFlags, FilterFlags, ScopeFlags, EngineFlags {
  readonly combine: Combination;
  readonly and?: readonly FrameName[];
  readonly queries?: string;
}

export function similarCommand(io: Io, argv: readonly string[]): Command {
  const command = new Command('similar')
    .description(
      'Finds the frames most similar to one frame or several, closest first. A frame is an index (negative: from the end) or a filename; name:41 asks for a filename that looks like an index.',
    )
    .argument('[film]', 'a name, a part of one, or a path; or the path of a frame’s picture')
    .argument('[frame...]', 'index or filename; several are asked about together');
  addSearchOptions(command);
  addCollectionOptions(command);
  addEngineOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv', 'names']);
  addSeeingOptions(command, ['pictures', 'timeline']);
  addManyFilmsOptions(command);
  addIndexOptions(command);
  addExamples(command, [
    ['giallo similar Sintel 40', 'the 5 nearest frames of the same film'],
    ['giallo similar Sintel 40 --others -k 10 --per-film 2', 'in the other films, two of each at most'],
    [
      'giallo similar Sintel 40 41 42 --all --exclude-near 12',
      'like three frames together, anywhere but close by',
    ],
    ['giallo similar Sintel 40 --and Bunny:12 --all', 'like frames of two films'],
    ['giallo similar Sintel 40 --all -k 50 --open', 'look at the pictures in the browser'],
    ['giallo similar Sintel 40 --all --json | jq -r .results[0].filename', 'for scripts'],
    [
      "printf 'Sintel\\t40\\nBunny\\t12\\n' | giallo similar --queries - --all",
      'many questions, an answer a line',
    ],
  ]);
  return command.action(async (film: string | undefined, frames: readonly string[], flags: SimilarFlags) => {
    const options = searchOptions(command, flags);
    const session = startSession(io, flags, engineUrlOf(io, flags));
    if (flags.queries !== undefined) {
      if (film !== undefined) command.error("error: with '--queries' the frames come from the file alone");
      const { answerQueries } = await import('./inputs/queries.js');
      return answerQueries(session, flags.queries, flags, options);
    }
    if (film === undefined) return command.error("error: missing required argument 'film'");
    await checkSeeing(session, flags);
    // A film alone may be a screenshot, whose film is looked for in the collection.
    const isSearched = flags.all || flags.others || frames.length === 0;
    const films = [film, ...(flags.and ?? []).map((one) => one.film)];
    const collection = await session.open({ films, isSearched });
    const asked = await framesAsked(session, { command, collection, flags }, film, frames);
    const [{ similar }, { similarView }] = await Promise.all([
      import('../reports/similar.js'),
      import('../render/similar.js'),
    ]);
    const report = await similar(collection, asked, options, session.context);
    await showAnswer(session, argv, flags, {
      collection,
      view: similarView(report),
      page: async () => (await import('../render/html/similar-page.js')).similarPage(report),
      nextOptions: nextOptionsOf(flags, scopeWords(flags)),
      typedFilms: [film, ...(flags.in ?? [])],
      shotThreshold: flags.shotThreshold,
    });
    await session.reportSkipped(report.skipped);
  });
}

function addSearchOptions(command: Command): void {
  addScopeOptions(command, 'Where to look (default: the film asked about):');
  addFilterOptions(command, { k: questionDefaults.k, excludeNear: questionDefaults.excludeNear });
  command
    .optionsGroup('How to compare:')
    .addOption(metricOption())
    .option(
      '--and <film:frame>',
      'one more frame to ask with, of any film; repeat for more',
      (text, before: readonly FrameName[] = []) => [...before, parseFrameName(text)],
    )
    .addOption(
      new Option(
        '--combine <how>',
        'several frames as one: their mean direction, or the best score over them',
      )
        .choices(combinations)
        .default(questionDefaults.combine),
    )
    .addOption(
      new Option(
        '--queries <file>',
        'many questions: lines of film<TAB>frame, - for stdin; answers as NDJSON',
      ).conflicts(['and', 'json', 'csv', 'names', 'html', 'open', 'pictures', 'timeline']),
    );
}

/** The options in the words of the search; contradictions end as `usage`. */
function searchOptions(command: Command, flags: SimilarFlags): SimilarOptions {
  const scope = flags.in ? { in: flags.in } : flags.all ? 'all' : flags.others ? 'others' : 'own';
  return { ...filtersOf(command, flags), combine: flags.combine, scope };
}

/** Frames by film and index or filename, or by their screenshots; and those of `--and`. */
async function framesAsked(
  session: Session,
  { command, collection, flags }: { command: Command; collection: Collection; flags: SimilarFlags },
  film: string,
  frames: readonly string[],
): Promise<FrameName[]> {
  const more = flags.and ?? [];
  const pictured = await framesOfPictures(session, flags, collection, [film, ...frames]);
  if (pictured) return [...pictured, ...more];
  if (frames.length === 0) {
    command.error(
      "error: missing required argument 'frame'\n(an index or a filename, as in: giallo similar Sintel 40)",
    );
  }
  return [...frames.map((frame) => ({ film, frame })), ...more];
}

/** The scope as it was typed, for the next question. */
function scopeWords({ all, others, in: films }: SimilarFlags): string[] {
  if (all) return ['--all'];
  return others ? ['--others'] : (films ?? []).flatMap((film) => ['--in', film]);
}
