/** Which dim is meant where the films of one question have several: two models, or a film that strayed in. */

/**
 * The dim that most frames have, that of the first such film where several have equally many; undefined where no film
 * has frames.
 */
export function commonDim(
  films: readonly { readonly dim: number; readonly frames: number }[],
): number | undefined {
  const framesOf = new Map<number, number>();
  for (const { dim, frames } of films) framesOf.set(dim, (framesOf.get(dim) ?? 0) + frames);
  let common: number | undefined;
  for (const [dim, frames] of framesOf) {
    if (frames > 0 && (common === undefined || frames > (framesOf.get(common) as number))) common = dim;
  }
  return common;
}
