import { expect, inject, test } from 'vitest';
import { aBrowser, settled } from './browser.ts';
import { send } from './seed.ts';
import { serveLedger } from './served.ts';

const { open } = aBrowser();
const at = (ms: number) => new Date(ms).toISOString();

test('a run that begins, and ends, shows under an open page', async () => {
  const { page } = await open('/runs?pipeline=appearing_job');
  await page.getByText('No run matches').waitFor();
  const now = Date.now();
  const run = { process_name: 'appearing_job', environment: 'prod', run_id: 'appears-1' };
  await send(inject('url'), [{ ...run, event_type: 'RUN_START', event_time: at(now), start_time: at(now) }]);
  await page.getByRole('table', { name: 'Runs' }).getByText('Running').waitFor();
  await send(inject('url'), [
    { ...run, event_type: 'RUN_END', status: 'FAILED', event_time: at(now + 10), end_time: at(now + 10) },
  ]);
  await page.getByRole('table', { name: 'Runs' }).getByText('Failed').waitFor();
});

test('the title says how much is wrong', async () => {
  const { page } = await open('/');
  await settled(page);
  expect(await page.title()).toMatch(/^\d+ wrong · Today · Runledger$/);
});

test('two people acknowledge one incident: the second is told who was first', async () => {
  const [first, second] = [await open('/incidents'), await open('/incidents')];
  for (const { page } of [first, second]) {
    await page.locator('.incidents li', { hasText: 'lost_job' }).locator('a.reason').click();
    await page.getByRole('form', { name: 'Acknowledge' }).waitFor();
  }
  // The second one's page must not hear of it before she decides.
  await second.context.setOffline(true);
  const take = async ({ page }: typeof first, who: string) => {
    const form = page.getByRole('form', { name: 'Acknowledge' });
    await form.getByRole('textbox', { name: 'Who' }).fill(who);
    await form.getByRole('button', { name: 'Acknowledge' }).click();
  };
  await take(first, 'Ada');
  await first.page.getByText('Taken by Ada').waitFor();
  await second.context.setOffline(false);
  const form = second.page.getByRole('form', { name: 'Acknowledge' });
  // Either she still sees it open and is told on taking it, or the page has told her already.
  if (await form.isVisible()) await take(second, 'Grace').catch(() => undefined);
  await second.page.getByText('Taken by Ada').first().waitFor();
});

test('an incident is resolved with a reason, and the story says who and why', async () => {
  const { page } = await open('/incidents');
  await page.locator('.incidents li', { hasText: 'chatty_job' }).locator('a.reason').first().click();
  const form = page.getByRole('form', { name: 'Resolve' });
  await form.getByRole('textbox', { name: 'Who' }).fill('Ada');
  await form.getByRole('button', { name: 'Resolve' }).click();
  await page.getByRole('alert').filter({ hasText: 'expected a reason' }).waitFor();
  await form.getByRole('textbox', { name: 'Why' }).fill('it is only chatty');
  await form.getByRole('button', { name: 'Resolve' }).click();
  await page.getByText('Resolved', { exact: true }).waitFor();
  await page.getByText('it is only chatty').first().waitFor();
});

test('a ledger that stops under an open page is missed, and found again when it comes back', async () => {
  const served = await serveLedger();
  try {
    const run = { process_name: 'a_job', environment: 'prod', run_id: 'r-1', event_type: 'RUN_START' };
    await send(served.url, [run]);
    const { page } = await open('/runs', {}, served.url);
    await page.getByText(/^1 run$/).waitFor();
    await served.stop();
    await page.getByText('No answer').waitFor();
    await served.start();
    await page.getByText('Live', { exact: true }).waitFor();
    await send(served.url, [{ ...run, run_id: 'r-2' }]);
    await page.getByText(/^2 runs$/).waitFor();
  } finally {
    await served.close();
  }
});

test('where a proxy keeps back the stream, the page looks every so often and says so', async () => {
  const { page } = await open('/send');
  await page.route('**/api/live', () => new Promise(() => undefined));
  await page.reload();
  await page.getByText('Every 15 s').waitFor();
  expect(await page.getByRole('status').filter({ hasText: 'Every 15 s' }).getAttribute('title')).toContain(
    'looks every 15 s',
  );
});

test('a browser whose clock is wrong still says how long a run has been running', async () => {
  const { page } = await open('/send');
  await page.clock.install({ time: Date.now() + 7_200_000 });
  await page.goto('/runs?pipeline=late_job');
  const row = page.getByRole('table', { name: 'Runs' }).getByRole('row', { name: /late_job/ });
  await row.waitFor();
  expect(await row.locator('.c-took').textContent()).toMatch(/1\d min/);
});
