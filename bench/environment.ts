/**
 * The environment variables of every contender. Variables that would slow down or help one contender are removed:
 * NODE_EXTRA_CA_CERTS alone triples the time that Node takes to start, and variables of OpenBLAS can choose slower
 * kernels.
 */
export function contenderEnvironment(cache: string): NodeJS.ProcessEnv {
  const isForeign = (name: string) => /^(GIALLO_|NODE_|OPENBLAS_(CORETYPE|L2_SIZE)$)/.test(name);
  const kept = Object.entries(process.env).filter(([name]) => !isForeign(name));
  return { ...Object.fromEntries(kept), GIALLO_CACHE: cache };
}
