import { afterAll, beforeAll, expect, test } from 'vitest';
import { aBrowser, overflow, settled } from './browser.ts';
import { type Served, serveLedger } from './served.ts';

/*
 * More than a page can draw: a pipeline of 100,000 runs, and 10,000 edges of lineage with many cycles.
 */
const RUNS = 100_000;
const TABLES = 2_500;
const EDGES_OF_A_TABLE = 4;
const RUNS_PER_CALL = 2_000;

const { open } = aBrowser();
let served: Served;
beforeAll(async () => {
  served = await serveLedger();
  const now = Date.now();
  for (let at = 0; at < RUNS; at += RUNS_PER_CALL)
    await post(
      '/events',
      Array.from({ length: RUNS_PER_CALL }, (_, index) => ended(at + index, now)),
    );
  await post(
    '/events',
    Array.from({ length: TABLES }, (_, table) => weaving(table, now)),
  );
  await post('/api/settle', []);
}, 300_000);
afterAll(() => served.close());

async function post(path: string, events: readonly object[]): Promise<void> {
  const response = await fetch(served.url + path, {
    method: 'POST',
    body: events.map((event) => JSON.stringify(event)).join('\n'),
  });
  const text = await response.text();
  if (!response.ok || text.includes('"error"')) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
}

/** One each five minutes: about a year. */
const ended = (at: number, now: number) => {
  const end = now - (RUNS - at) * 300_000;
  return {
    ...{ environment: 'prod', process_name: 'every_five_minutes', run_id: `run-${at}`, event_type: 'RUN_END' },
    ...{ start_time: new Date(end - 60_000 - (at % 90) * 1_000).toISOString(), end_time: new Date(end).toISOString() },
    status: at % 50 === 0 ? 'FAILED' : 'SUCCESS',
  };
};

/** Each table is made from four others, so that any one is a few steps from every other, and from itself. */
const weaving = (table: number, now: number) => ({
  ...{ environment: 'prod', process_name: `weave_${table % 50}`, run_id: `weave-${table}`, event_type: 'RUN_END' },
  ...{ status: 'SUCCESS', event_time: new Date(now - 60_000).toISOString() },
  input_sources: Array.from({ length: EDGES_OF_A_TABLE }, (_, edge) => ({
    path: `lake.t${(table * EDGES_OF_A_TABLE + edge) % TABLES}`,
  })),
  output_targets: [{ path: `lake.t${table}` }],
});

test('a pipeline of 100,000 runs is shown, and its runs are listed and scrolled', async () => {
  const { page, problems } = await open('/pipelines/prod/every_five_minutes', {}, served.url);
  await page.getByRole('heading', { level: 1, name: /every_five_minutes/ }).waitFor();
  await settled(page);
  expect(await overflow(page)).toBeLessThanOrEqual(0);

  await page.goto('/runs?pipeline=every_five_minutes&status=FAILED&since=400d');
  await settled(page);
  const table = page.getByRole('table').first();
  await table.getByRole('row').nth(5).waitFor();
  // Only what is seen is drawn.
  expect(await table.getByRole('row').count()).toBeLessThan(200);
  await page.mouse.move(600, 600);
  await page.mouse.wheel(0, 200_000);
  await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(1_000);
  await settled(page);
  expect(problems).toEqual([]);
});

test('a lineage of 10,000 edges in circles is drawn as far as it can be read, and says what is left out', async () => {
  const edges = await fetch(`${served.url}/api/questions/lineage?table=lake.t7&direction=both&depth=10&limit=10000`);
  expect(((await edges.json()) as { rows: unknown[] }).rows).toHaveLength(10_000);
  const { page, problems } = await open('/lineage?dataset=lake.t7&depth=10', {}, served.url);
  await page.getByText('are not drawn: look at fewer pipelines away').waitFor({ timeout: 60_000 });
  expect(await page.locator('svg').first().isVisible()).toBe(true);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
});
