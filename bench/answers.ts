/** Reads what contenders print. Pure. */

/** The scores of one `{"results": [{"score"}]}`, as giallo's --json and the peers print it. */
export function resultScores(stdout: string): readonly number[] {
  const { results } = JSON.parse(stdout) as { readonly results: readonly { readonly score: number }[] };
  return results.map((result) => result.score);
}
