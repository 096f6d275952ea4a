/** The first part of every address of the page. Which view is meant, the page finds out by itself. */
export const PAGE_VIEWS = [
  'runs',
  'pipelines',
  'incidents',
  'lineage',
  'quality',
  'numbers',
  'ask',
  'ledger',
  'send',
] as const;
export type PageView = (typeof PAGE_VIEWS)[number];

const VIEWS: ReadonlySet<string> = new Set(PAGE_VIEWS);

/** Whether the page answers at this path: `/`, or one whose first part is a view. */
export function isPagePath(path: string): boolean {
  const [, first = ''] = path.split('/');
  return path === '/' || VIEWS.has(first);
}
