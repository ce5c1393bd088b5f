/**
 * The environment that every contender runs in. What is set outside must not slow one side or feed the other:
 * NODE_EXTRA_CA_CERTS alone trebles the time that Node takes to start, the OpenBLAS variables choose slower kernels.
 */
export function contenderEnvironment(cache: string): NodeJS.ProcessEnv {
  const isForeign = (name: string) => /^(GIALLO_|NODE_|OPENBLAS_(CORETYPE|L2_SIZE)$)/.test(name);
  const kept = Object.entries(process.env).filter(([name]) => !isForeign(name));
  return { ...Object.fromEntries(kept), GIALLO_CACHE: cache };
}
