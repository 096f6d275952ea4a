import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeScale } from '../../scripts/scale/page.ts';

test('docs/scale.md is what quotas, the stack and the measurements say; `npm run docs` writes it', {
  timeout: 60_000,
}, () => {
  expect(readFileSync('docs/scale.md', 'utf8')).toBe(describeScale());
});
