/** `giallo verify`. */
import { GialloError } from '../errors.js';
import { counted } from '../render/tabular.js';
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';

export const verifyCommand = defineCommand({
  name: 'verify',
  description:
    'Reads films to the last byte, all of the collection if none is named. An error means that a film cannot be used (exit 1): it is unreadable, damaged, or of a wrong shape or dtype. A warning means that it can be used, but something is odd: NaN, Inf, all-zero rows, duplicate or pickled names, mixed dims, numbers too large for float32.',
  arguments: [{ flags: '[film...]', help: 'names, parts of names, or paths (default: all films)' }],
  options: [...optionSets.collection, ...optionSets.formats, 'jobs'],
  examples: [
    ['giallo verify', 'every film of the collection'],
    ['giallo verify Sintel ./new/Opera.1987.mkv.npz', 'two films, one of them elsewhere'],
    ["giallo verify --json | jq '.totals'", 'how many errors and warnings'],
    ['giallo verify --quiet > findings.tsv || echo broken', 'in scripts'],
  ],
  async run({ session, words }) {
    const [{ verify }, { verifySummary, verifyView }] = await Promise.all([
      import('../reports/verify.js'),
      import('../render/verify.js'),
    ]);
    const report = await verify(await session.open({ films: words }), words, session.context);
    const { errors, brokenFilms } = report.totals;
    const view = verifyView(report);
    if (errors === 0) return { view, note: verifySummary(report) };
    const found = `${counted(errors, 'error')} in ${counted(brokenFilms, 'film')}`;
    return { view, failure: new GialloError('films-broken', `${report.data}: found ${found}`) };
  },
});
