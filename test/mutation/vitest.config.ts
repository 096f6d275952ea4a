import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

const fewSamples = fileURLToPath(new URL('fast-check.ts', import.meta.url));

/**
 * What judges a mutation: the tests of core/ and flows/, which run in this process. Those of the SQL, of whole processes,
 * of the command line and of AWS are left out, no bundle is built, and properties get few samples.
 */
export default defineConfig({
  ...base,
  plugins: [
    ...(base.plugins ?? []),
    {
      name: 'few-samples',
      enforce: 'pre',
      resolveId: (id, importer) => (id === 'fast-check' && importer !== fewSamples ? fewSamples : null),
    },
  ],
  test: {
    include: ['test/{core,flows}/**/*.test.ts'],
    exclude: ['test/core/purity.test.ts', 'test/core/mask/cost.test.ts', 'test/flows/{recall,summarize}.test.ts'],
    testTimeout: 60_000,
  },
});
