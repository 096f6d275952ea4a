import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf, RECIPES, recipeOf, recipePages } from '../../scripts/send-from.ts';

const pages = recipePages().map((name) => ({ name, text: readFileSync(join(RECIPES, name), 'utf8') }));

test.each(pages)('the code of $name is that of its examples; `npm run docs` copies it', ({ text }) => {
  expect(text).toBe(recipeOf(text));
  const { files, blocks } = blocksOf(text);
  expect(files).toHaveLength(blocks);
});

test('the index names every page', () => {
  const index = pages.find(({ name }) => name === 'README.md')?.text ?? '';
  for (const { name } of pages) if (name !== 'README.md') expect(index).toContain(`(${name})`);
});

test('every example for a platform is shown on a page', () => {
  const shown = new Set(pages.flatMap(({ text }) => blocksOf(text).files.map((file) => file.split('/')[1])));
  const folders = readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const elsewhere = ['dependency-inventory', 'dependency-inventory-python', 'second-sink'];
  expect([...shown].sort()).toEqual(
    folders
      .map(({ name }) => name)
      .filter((name) => !elsewhere.includes(name))
      .sort(),
  );
});

test.each(pages)('every link of $name leads somewhere', ({ text }) => {
  for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
    expect(existsSync(join(dirname(join(RECIPES, 'x')), target)), target).toBe(true);
  }
});
