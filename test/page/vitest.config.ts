import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** One file after another: each has a browser of its own, and a browser takes a core. */
export default defineConfig({
  ...base,
  test: {
    include: ['test/page/**/*.test.ts'],
    globalSetup: ['test/own-temp.ts', 'test/page/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    maxConcurrency: 3,
  },
});
