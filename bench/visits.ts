import { type Browser, chromium, type Page } from 'playwright-core';

/* Visits of a page in a real browser, and how long each kept its visitor waiting. */

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
export const OBSERVE = `
  globalThis.seen = { lcp: 0, tasks: [] };
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.tasks.push(entry.duration); }).observe({ type: 'longtask', buffered: true });
`;

export const VISIT_HEAD = `  ${'view'.padEnd(20)} first paint  largest paint  data, median  data, p95  longest task`;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

interface Visit {
  readonly fcp: number;
  readonly lcp: number;
  readonly data: readonly number[];
  readonly tasks: readonly number[];
}

/** How a page shows that it has its data. */
export interface PageSigns {
  /** A regular expression: addresses of requests for data. */
  readonly isData: string;
  /** Waits until the view has its data. */
  readonly settled: (page: Page) => Promise<void>;
}

/** Each request for data counts: who waits for the slowest of them waits for the view. */
export async function visitsShown(
  browser: Browser,
  name: string,
  address: string,
  count: number,
  { isData, settled }: PageSigns,
): Promise<string> {
  const visits: Visit[] = [];
  for (let visit = 0; visit < count; visit++) {
    const page = await browser.newPage();
    await page.addInitScript(OBSERVE);
    await page.goto(address);
    await settled(page);
    visits.push(
      await page.evaluate<Visit>(`({
        fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
        lcp: seen.lcp,
        data: performance.getEntriesByType('resource').filter(({ name }) => ${isData}.test(name)).map(({ duration }) => duration),
        tasks: seen.tasks,
      })`),
    );
    await page.close();
  }
  const figures = [
    quantile(
      visits.map(({ fcp }) => fcp),
      0.5,
    ),
    quantile(
      visits.map(({ lcp }) => lcp),
      0.5,
    ),
    quantile(
      visits.flatMap(({ data }) => data),
      0.5,
    ),
    quantile(
      visits.flatMap(({ data }) => data),
      0.95,
    ),
    Math.max(0, ...visits.flatMap(({ tasks }) => tasks)),
  ];
  const shown = figures.map((figure, at) => figure.toFixed(0).padStart([11, 14, 13, 10, 13][at] ?? 10)).join(' ');
  return `  ${name.padEnd(20)} ${shown}`;
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
