import { createRequire } from 'node:module';

/** The package refers to its own files by name: its modules lie in one place in a clone, in another when published. */
const require = createRequire(import.meta.url);

export const VERSION: string = require('@runledger/cdk/package.json').version;

/** The bundle of a handler, `index.mjs` of a folder of its own. Throws one line that says how to build it. */
export function bundleOf(handler: string): string {
  try {
    return require.resolve(`@runledger/cdk/functions/${handler}/index.mjs`);
  } catch (cause) {
    throw new Error(
      `expected the bundle of the function ${handler}, found none; run \`node scripts/build-functions.mjs\` in the clone`,
      { cause },
    );
  }
}
