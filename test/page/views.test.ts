import { describe, expect, test } from 'vitest';
import { aBrowser, overflow, screenshot, seriousFindings, settled } from './browser.ts';
import { HOSTILE, RIGHT_TO_LEFT } from './seed.ts';

const { open } = aBrowser({ closesAfterEach: false });
const q = encodeURIComponent;

const VIEWS: Readonly<Record<string, string>> = {
  today: '/',
  runs: '/runs',
  'runs failed': '/runs?status=FAILED%2CTIMED_OUT%2CLOST',
  'run with 2,000 steps': '/runs/wide-1?pipeline=wide_job&environment=prod',
  'run with a message of 5 MB': '/runs/chatty-1?pipeline=chatty_job&environment=prod',
  pipelines: '/pipelines',
  pipeline: '/pipelines/prod/orders_hourly',
  'hostile pipeline': `/pipelines/test/${q(HOSTILE)}`,
  'right-to-left pipeline': `/pipelines/prod/${q(RIGHT_TO_LEFT)}`,
  'pipeline called ..': '/pipelines/prod/~..',
  incidents: '/incidents?which=all',
  lineage: '/lineage',
  'lineage of a table': `/lineage?dataset=${q('lake.orders_hourly')}`,
  quality: '/quality',
  numbers: '/numbers?by=day',
  ask: `/ask?sql=${q('select run_date, count(*) as runs from current_runs group by run_date order by run_date')}`,
  'a named question': '/ask?question=error-codes',
  ledger: '/ledger',
  send: '/send',
  'no such run': '/runs/no-such-run',
};

const SCREENS = [
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'phone', options: { colorScheme: 'light', viewport: { width: 360, height: 740 } } },
] as const;

describe.concurrent.each(SCREENS)('$name', ({ name, options }) => {
  test.each(Object.entries(VIEWS))('%s shows, fits, and keeps nobody out', async (view, path) => {
    const { page, context, problems } = await open(path, options);
    await settled(page);
    await screenshot(page, `${view.replaceAll(/\W+/g, '-')}-${name}`);
    expect(await overflow(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    expect(await page.title()).not.toBe('owned');
    await context.close();
  });
});
