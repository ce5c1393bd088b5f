/** A report in every shape that a format may need; one small file a report makes its view. */
import type { Tabular } from './tabular.js';

export interface View {
  /** What `--json` prints. */
  readonly report: object;
  /** What `--ndjson` prints, one a line. */
  readonly records: readonly object[];
  readonly table: Tabular;
  /** The table on a terminal, where it is another than a pipe gets. */
  readonly terminalTable?: Tabular;
  /** What `--names` prints; absent where the answer has no filenames. */
  readonly names?: { readonly rows: readonly NamedFrame[]; readonly isAcrossFilms: boolean };
}

export interface NamedFrame {
  readonly film: string;
  readonly filename: string;
}
