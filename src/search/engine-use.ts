/** What a search in an engine took; the counterpart of `IndexUse`. */
export interface EngineUse {
  /** The engine's address. */
  readonly engine: string;
  /** Rows of the films asked, summed over the questions as all that follows. */
  readonly rowsScanned: number;
  /** Rows that the engine's bounds left, and those of them that were fetched and scored here. */
  readonly rowsLeft: number;
  readonly rowsScored: number;
}
