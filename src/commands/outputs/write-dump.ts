/** Where the lines of `giallo topk` go: to stdout as films are finished, or into a folder. */
import type { DumpFormat } from '../../dump/forms.js';
import type { Parameter } from '../../dump/manifest.js';
import { Interruption } from '../../io.js';
import type { TopkPlan, TopkRequest } from '../../reports/topk.js';
import type { Session } from '../session/session.js';

/** Prints the films in their order, each as soon as it and those before it are finished. */
export async function streamDump(
  { io: { stdout }, notices }: Session,
  plan: TopkPlan,
  format: 'ndjson' | 'csv',
): Promise<void> {
  const [{ inPieces, topkLines }, { escapeJsonForTerminal, escapeForTerminal }] = await Promise.all([
    import('../../render/topk.js'),
    import('../../render/escape.js'),
  ]);
  const escapeLine = (line: string) =>
    format === 'csv' ? `${escapeForTerminal(line.slice(0, -1))}\n` : escapeJsonForTerminal(line);
  const print = async (lines: Iterable<string>) => {
    await notices.endProgress();
    if (stdout.isTerminal) for (const line of lines) await stdout.write(escapeLine(line));
    else for (const piece of inPieces(lines)) await stdout.write(piece);
  };
  await print(topkLines(format, [], 'first'));
  await plan.run(
    () => true,
    (_, frames) => print(topkLines(format, frames, 'later')),
  );
  await notices.endProgress();
}

export interface DumpPlace {
  readonly folder: string;
  readonly format: DumpFormat;
  readonly force: boolean;
}

/** Writes what is missing of a dump, and says how it went or, after Ctrl-C, how to go on. */
export async function writeDump(
  { io: { signal }, notices }: Session,
  plan: TopkPlan,
  request: TopkRequest,
  { folder, format, force }: DumpPlace,
): Promise<void> {
  const [{ dump }, { dumpForm }] = await Promise.all([
    import('../../dump/dump.js'),
    import('../../dump/forms.js'),
  ]);
  const total = plan.targets.length;
  let whole = 0;
  try {
    const { written, kept } = await dump(plan, {
      folder,
      form: dumpForm(format, request.k),
      parameters: parametersOf(request, format),
      force,
      onNotice: notices.warn,
      onFile: (count) => {
        whole = count;
      },
    });
    await notices.endProgress();
    const added = kept > 0 ? `, ${kept} of them were there` : '';
    await notices.hint(`${folder}: ${written + kept} of ${total} files are whole${added}`);
  } catch (error) {
    await notices.endProgress();
    if (signal.reason instanceof Interruption) {
      await notices.hint(
        `${folder}: ${whole} of ${total} files are whole; the same command goes on from there`,
      );
    }
    throw error;
  }
}

/** Everything that the answers depend on beside the films; names of films in an order of their own. */
function parametersOf(request: TopkRequest, format: DumpFormat): ReadonlyMap<string, Parameter> {
  const { k, metric, perFilm, perShot, cutoff, excludeNear, shotThreshold, scope } = request;
  return new Map(
    Object.entries({
      format,
      k,
      metric,
      scope: typeof scope === 'string' ? scope : scope.in.map(({ name }) => name).sort(),
      excludeNear,
      perFilm: perFilm ?? null,
      perShot: perShot ?? null,
      cutoff: cutoff ?? null,
      shotThreshold: shotThreshold ?? null,
    }),
  );
}
