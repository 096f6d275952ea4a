import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const RECIPES = join('docs', 'send-from');

export const recipePages = (): readonly string[] => readdirSync(RECIPES).filter((name) => name.endsWith('.md'));

const BLOCK = /^<!-- (examples\/\S+) -->\n```(\S*)\n(?:[\s\S]*?\n)??```$/gm;

/** The page with each block of code as the file says that the comment before it names. */
export const recipeOf = (page: string): string =>
  page.replace(BLOCK, (_, file: string, language: string) => {
    const code = readFileSync(file, 'utf8').trimEnd();
    return `<!-- ${file} -->\n\`\`\`${language}\n${code}\n\`\`\``;
  });

/** The files whose code a page shows, and how many blocks of code it has. */
export function blocksOf(page: string): { readonly files: readonly string[]; readonly blocks: number } {
  const files = [...page.matchAll(BLOCK)].map(([, file]) => file ?? '');
  return { files, blocks: [...page.matchAll(/^```/gm)].length / 2 };
}
