/** A report in every shape that a format may need; one small file a report makes its view. */
import type { Tabular } from './tabular.js';

export interface View {
  /** What `--json` prints. */
  readonly report: object;
  /** What `--ndjson` prints, one a line. */
  readonly records: readonly object[];
  readonly table: Tabular;
  /** What `--names` prints; absent where the answer has no filenames. */
  readonly names?: { readonly rows: readonly NamedFrame[]; readonly isAcrossFilms: boolean };
}

export interface NamedFrame {
  readonly film: string;
  readonly filename: string;
  /** With `--paths`: printed in place of the name; null where there is none, and nothing is printed. */
  readonly picture?: string | null;
}
