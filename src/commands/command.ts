/**
 * A command as its file declares it, and the code that runs every command: it checks the options, runs the command,
 * shows the answer, and names the films that were skipped.
 */
import type { FilmsByName } from '../collection/named-films.js';
import { GialloError } from '../errors.js';
import type { Io } from '../io.js';
import { counted } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { SkippedFilm } from '../search/answer.js';
import { engineUrlOf } from './options/flag-meanings.js';
import type { groups } from './options/option-row.js';
import type { AnyFlags, OptionName } from './options/option-table.js';
import {
  asksEngine,
  type GivenOptions,
  type Taken,
  takes,
  withGivenOptions,
} from './options/taken-options.js';
import type { SeenAnswer } from './outputs/show-answer.js';
import { type Session, startSession } from './session/session.js';

export interface CommandSpec<Flags = AnyFlags> {
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly Taken[];
  /** For the help: what the command does if no option of a group is given. */
  readonly groupNotes?: Partial<Readonly<Record<keyof typeof groups, string>>>;
  /** Command lines that work, and what each does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Checks the options before anything is opened. Errors: `usage`. */
  check?(run: Omit<Run<Flags>, 'session'>): void;
  /** Does the work. If it returns undefined, it has printed everything itself. */
  run(run: Run<Flags>): Promise<Answer | undefined>;
}

export interface ArgumentSpec {
  /** As commander writes arguments: `<film>`, `[film]`, `[frame...]`. */
  readonly flags: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

/** What a command gets when it runs. */
interface Run<Flags> {
  readonly session: Session;
  readonly io: Io;
  /** Its arguments, as they were typed. */
  readonly words: readonly string[];
  readonly flags: Flags;
  /** All commands, for completion and help. */
  readonly commands: readonly CommandEntry[];
}

/** What a command found, and what is needed to show it. */
interface Answer {
  readonly view: View;
  /** A line printed on stderr after the answer, in formats that have no place for it. */
  readonly note?: string;
  /** The error that the command ends with after everything is printed. */
  readonly failure?: GialloError | undefined;
  /** For commands with pictures and pages. */
  readonly seen?: SeenAnswer;
  /** The films that it may name, for commands without pages whose frames have times. */
  readonly films?: FilmsByName;
}

/** The `failure` of an answer if no film in `place` could be read; undefined if some could, or there are none. */
export function noneReadFailure(
  place: string,
  filmsRead: number,
  skipped: readonly SkippedFilm[],
): GialloError | undefined {
  if (filmsRead > 0 || skipped.length === 0) return undefined;
  return new GialloError(
    'films-skipped',
    `${place}: none of ${counted(skipped.length, 'film')} could be read`,
  );
}

/** A command in the list of all. */
export interface CommandEntry {
  readonly name: string;
  /** The same arguments that its file declares, so that the help of all commands need not load the files. */
  readonly arguments: string;
  readonly summary: string;
  load(): Promise<CommandSpec>;
}

/** A parsed command line. */
export interface Typed {
  readonly spec: CommandSpec;
  readonly words: readonly string[];
  readonly flags: AnyFlags;
  readonly given: GivenOptions;
  /** The whole line, after `giallo`. */
  readonly argv: readonly string[];
}

/** Declares a command, whose `flags` have the types of the options that it takes. */
export function defineCommand<const Options extends readonly Taken[]>(
  spec: Omit<CommandSpec<FlagsOf<Options>>, 'options'> & { readonly options: Options },
): CommandSpec {
  return spec as unknown as CommandSpec;
}

type NameOf<One> = One extends OptionName
  ? One
  : One extends readonly [infer Name extends OptionName, unknown]
    ? Name
    : never;
type DefaultedNameOf<One> = One extends readonly [
  infer Name extends OptionName,
  { readonly default: unknown },
]
  ? Name
  : never;

/** The type of a command's flags: a flag is undefined if its option was not given and has no default. */
type FlagsOf<Options extends readonly Taken[]> = Pick<AnyFlags, NameOf<Options[number]>> & {
  readonly [Name in DefaultedNameOf<Options[number]>]: NonNullable<AnyFlags[Name]>;
};

/** Runs a command. Errors: the command's own; their hints repeat the options that name the collection. */
export async function runCommand(typed: Typed, io: Io, commands: readonly CommandEntry[]): Promise<void> {
  const { spec, words, flags } = typed;
  const specOf = async (name: string) => commands.find((entry) => entry.name === name)?.load();
  const completeHint = (hint: string) => withGivenOptions(hint, typed.given, specOf);
  try {
    spec.check?.({ io, words, flags, commands });
    const engineUrl = asksEngine(spec) ? engineUrlOf(io, flags) : undefined;
    const session = startSession(io, flags, { engineUrl, completeHint });
    try {
      await askAndShow(typed, session, commands, specOf);
    } finally {
      await session.endNotices();
    }
  } catch (error) {
    if (!(error instanceof GialloError) || error.hint === undefined) throw error;
    const hint = await completeHint(error.hint);
    throw new GialloError(error.code, error.message, { hint, cause: error.cause });
  }
}

async function askAndShow(
  { spec, words, flags, given, argv }: Typed,
  session: Session,
  commands: readonly CommandEntry[],
  specOf: (name: string) => Promise<CommandSpec | undefined>,
): Promise<void> {
  const display = takes(spec, 'html') ? await import('./outputs/show-answer.js') : undefined;
  await display?.checkDisplay(session, flags);
  const clips = takes(spec, 'edl') && areClipsAsked(flags) ? await import('./outputs/clips.js') : undefined;
  await clips?.checkClips(flags);
  const found = await spec.run({ session, io: session.io, words, flags, commands });
  if (found === undefined) return;
  const { note, failure, seen } = found;
  const timed = takes(spec, 'times') ? await timedAnswer(session, flags, found) : { view: found.view };
  const { view } = timed;
  const made = seen && (await clips?.makeClips(session, flags, { ...seen, view, argv }));
  if (display && seen) await display.showAnswer(session, flags, { ...seen, ...timed, argv, given, specOf });
  else await session.print(view);
  if (made) await clips?.writeClips(session, made);
  if (note !== undefined) await session.annotate(note);
  await session.reportSkipped(found.view.report.skipped ?? []);
  if (failure) throw failure;
}

function areClipsAsked({ edl, otio, reel, play, handles }: AnyFlags): boolean {
  return (edl ?? otio ?? reel ?? handles) !== undefined || play === true;
}

async function timedAnswer(session: Session, flags: AnyFlags, { view, seen, films = seen?.films }: Answer) {
  if (!films) return { view };
  const { withTimes } = await import('./outputs/timed-view.js');
  return withTimes(session, flags, view, films);
}
