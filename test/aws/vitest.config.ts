import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** The suite that needs Python, Java and Maven. Files run one after another: they share two cores with Trino. */
export default defineConfig({
  ...base,
  test: {
    include: ['test/aws/**/*.test.ts'],
    globalSetup: ['test/aws/global-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
