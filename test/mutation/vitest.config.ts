import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/**
 * What judges a mutation: the tests of core/ and flows/, which run in this process. Those of the SQL, of whole processes,
 * of the command line and of AWS are left out, and no bundle is built.
 */
export default defineConfig({
  ...base,
  test: {
    include: ['test/{core,flows}/**/*.test.ts'],
    exclude: ['test/core/purity.test.ts', 'test/core/mask/cost.test.ts'],
    testTimeout: 60_000,
  },
});
