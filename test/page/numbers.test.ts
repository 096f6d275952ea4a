import { expect, inject, test } from 'vitest';
import { aBrowser, settled } from './browser.ts';

const { open } = aBrowser();

async function sql(text: string): Promise<readonly (readonly unknown[])[]> {
  const response = await fetch(`${inject('url')}/query`, { method: 'POST', body: JSON.stringify({ sql: text }) });
  return ((await response.json()) as { rows: unknown[][] }).rows;
}

test('the counts of Today are those of SQL', async () => {
  const { page } = await open('/send');
  await page.getByLabel('Time zone').selectOption('UTC');
  await page.getByRole('link', { name: 'Today' }).click();
  await page.getByText(/^\d{4}-\d\d-\d\d, UTC/).waitFor();
  await settled(page);
  const countOf = async (word: string) =>
    Number((await page.locator('.counts li', { hasText: word }).locator('strong').textContent())?.replaceAll(',', ''));
  const today = 'cast(coalesce(start_time, first_event_at) as date) = cast(current_timestamp as date)';
  const [[failed, succeeded] = []] = await sql(
    `select count(*) filter (where status in ('FAILED', 'TIMED_OUT')), count(*) filter (where status = 'SUCCESS') from current_runs where ${today}`,
  );
  const [[lost] = []] = await sql("select count(*) from current_runs where status = 'LOST'");
  const [[running, late] = []] = await sql('select count(*), count(*) filter (where is_late) from active_runs');
  expect([await countOf('Failed'), await countOf('Succeeded')].map(Number)).toEqual([failed, succeeded].map(Number));
  expect([await countOf('Lost'), await countOf('Running'), await countOf('Late')]).toEqual(
    [lost, running, late].map(Number),
  );
  expect(await countOf('Late')).toBeGreaterThan(0);
});

test('the list of runs counts what SQL counts, and says what it left out', async () => {
  const { page } = await open('/runs?status=FAILED%2CTIMED_OUT%2CLOST');
  await settled(page);
  const [[failed] = []] = await sql(
    "select count(*) from current_runs where status in ('FAILED', 'TIMED_OUT', 'LOST')",
  );
  expect(await page.getByRole('status').filter({ hasText: 'runs' }).textContent()).toBe(`${failed} runs`);
});

test('a pipeline is as good as SQL says', async () => {
  const { page } = await open('/pipelines');
  await settled(page);
  const [[rate] = []] = await sql(
    `select 1e0 - cast(count(*) filter (where status in ('FAILED', 'TIMED_OUT', 'LOST')) as double) / count(*)
     from current_runs where process_name = 'orders_hourly' and (end_time is not null or status = 'LOST')
     and run_date > cast(current_timestamp as date) - interval '14' day`,
  );
  const shown = await page.locator('tr', { hasText: 'orders_hourly' }).locator('.c-rate').textContent();
  expect(Number.parseFloat(shown ?? '')).toBeCloseTo(100 * Number(rate), 1);
});

test('a run shows every step, every try, its checks, and what it read and wrote', async () => {
  const [[run_id, tries] = []] = await sql(
    `select run_id, attempt from pipeline_step_state
     where process_name = 'orders_hourly' and step_name = 'transform' and attempt = 2 and status = 'SUCCESS' limit 1`,
  );
  const { page } = await open(`/runs/${run_id}?pipeline=orders_hourly&environment=prod`);
  await settled(page);
  const transform = page.getByRole('table', { name: 'Steps' }).getByRole('row', { name: /transform/ });
  await transform.getByText(`${tries} tries`).waitFor();
  await expect.poll(() => transform.locator('.bar').count()).toBe(2);
  await page.getByText('Connection reset by peer').first().waitFor();
  expect(await page.getByText('at Socket.read (net.js:7)').count()).toBeGreaterThan(0);
  await page.getByRole('region', { name: 'Quality checks' }).getByText('no_null_ids').waitFor();
  const datasets = page.getByRole('region', { name: 'Reads and writes' });
  await datasets.getByText('s3://raw/orders_hourly/').waitFor();
  const events = await sql(
    `select count(*) from pipeline_logs where run_id = '${run_id}' and process_name = 'orders_hourly'`,
  );
  expect(await page.getByRole('table', { name: 'Events' }).getAttribute('aria-rowcount')).toBe(
    String(Number(events[0]?.[0]) + 1),
  );
});

test('of 2,000 steps each is in the list, and few are drawn', async () => {
  const { page } = await open('/runs/wide-1?pipeline=wide_job&environment=prod');
  await page.getByRole('heading', { name: '2,000 steps' }).waitFor();
  const steps = page.getByRole('table', { name: 'Steps' });
  await expect.poll(() => steps.getAttribute('aria-rowcount'), { timeout: 20_000 }).toBe('2001');
  expect(await steps.getByRole('row').count()).toBeLessThan(150);
  await page.evaluate("document.querySelector('.gantt tbody').scrollIntoView({ block: 'end' })");
  await steps.getByText('part_1999').waitFor();
});

test('a message of five megabytes is shown in part, and grows when asked', async () => {
  const { page } = await open('/runs/chatty-1?pipeline=chatty_job&environment=prod');
  await settled(page);
  const error = page.getByRole('region', { name: 'Error' });
  await error.getByText('R402').first().waitFor();
  expect((await error.textContent())?.length).toBeLessThan(20_000);
});
