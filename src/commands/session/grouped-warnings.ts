/** Warnings of films, which are often the same for a whole collection: the first is said, the others are counted. */
import type { FilmWarning } from '../../collection/film.js';
import type { Notices } from './notices.js';

export interface GroupedWarnings {
  /** Warns of a film, unless another film was warned of the same; then it is counted. */
  add(film: string, warning: FilmWarning): void;
  /** Says how many more films each warning was for. */
  end(): Promise<void>;
}

export function groupWarnings(notices: Pick<Notices, 'warn'>): GroupedWarnings {
  /** What was said of a first film, by its words without the film; and the warnings of the others. */
  const groups = new Map<string, string[]>();
  return {
    add(film, { message }) {
      const kind = message.slice(message.indexOf(film) + film.length);
      const more = groups.get(kind);
      if (more) {
        more.push(message);
      } else {
        groups.set(kind, []);
        void notices.warn(message);
      }
    },
    async end() {
      for (const [kind, more] of groups) {
        const same = kind.replace(/^\S*: /, '');
        if (more.length === 1) await notices.warn(more[0] as string);
        else if (more.length > 1) await notices.warn(`${more.length} more films: ${same}`);
        groups.set(kind, []);
      }
    },
  };
}
