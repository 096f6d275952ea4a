import fc, { type Parameters } from 'fast-check';

export * from 'fast-check';

/** A property is given so many samples before a mutation counts as unnoticed: hundreds of mutations are tried. */
const MAX_RUNS = 100;

const few = <Ts>(params: Parameters<Ts> = {}): Parameters<Ts> => ({
  ...params,
  numRuns: Math.min(params.numRuns ?? MAX_RUNS, MAX_RUNS),
});

const assert: typeof fc.assert = ((property: never, params?: Parameters<never>) =>
  fc.assert(property, few(params))) as typeof fc.assert;

// biome-ignore lint/style/noDefaultExport: it stands in for fast-check, whose default export the tests import.
export default { ...fc, assert };
