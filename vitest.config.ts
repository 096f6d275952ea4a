import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** `.sql` files are text: the same meaning esbuild's `text` loader gives them in the bundles. */
const sqlText = {
  name: 'sql-text',
  enforce: 'pre' as const,
  load(id: string) {
    if (!id.endsWith('.sql')) return null;
    return `export default ${JSON.stringify(readFileSync(id, 'utf8'))}`;
  },
};

export default defineConfig({
  plugins: [sqlText],
  resolve: { conditions: ['runledger-source'] },
  ssr: { resolve: { conditions: ['runledger-source'] } },
  test: {
    include: ['test/**/*.test.ts', 'clients/{typescript,sh}/test/**/*.test.ts'],
    exclude: ['test/aws/**', 'test/attack/**', 'test/foreign/**', 'test/page/**'],
    globalSetup: ['test/own-temp.ts', 'test/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
