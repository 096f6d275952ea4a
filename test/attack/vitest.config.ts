import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** What hurts on purpose. Files run one after another: each takes what memory and cores it can get. */
export default defineConfig({
  ...base,
  test: {
    include: ['test/attack/**/*.test.ts'],
    globalSetup: ['test/own-temp.ts', 'test/global-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
