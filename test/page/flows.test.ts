import { expect, inject, test } from 'vitest';
import { aBrowser, settled, tabTo } from './browser.ts';
import { send } from './seed.ts';

const { open } = aBrowser();

test('by keyboard alone: search a run, read it, go to its pipeline, and back', async () => {
  const { page } = await open('/');
  await settled(page);
  await page.keyboard.press('/');
  await page.keyboard.type('late-');
  await page.getByRole('option', { name: /late-1/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /late_job/ }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/runs/late-1');

  await tabTo(page, 'late_job');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/pipelines/prod/late_job');
  await page.goBack();
  await page.waitForURL('**/runs/late-1**');
  await page.goBack();
  await page.getByRole('heading', { name: 'The day' }).waitFor();
});

test('by keyboard alone: filter runs; the address has the filter, and going back takes it away', async () => {
  const { page } = await open('/runs');
  await settled(page);
  await tabTo(page, 'pipeline');
  await page.keyboard.type('late*');
  await page.keyboard.press('Enter');
  await page.getByText(/^1 run$/).waitFor();
  expect(new URL(page.url()).searchParams.get('pipeline')).toBe('late*');
  await page.reload();
  await page.getByText(/^1 run$/).waitFor();
  await page.goBack();
  await page.getByText(/^[\d,]+ runs/).waitFor();
});

test('by keyboard alone: ask SQL, and be told what is wrong with it', async () => {
  const { page } = await open('/ask');
  await settled(page);
  const editor = page.getByRole('textbox', { name: 'SQL' });
  await editor.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('select count(*) as n from current_runs');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: '1 row' }).waitFor();
  await editor.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('select nothing_such from current_runs');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').filter({ hasText: 'nothing_such' }).waitFor();
});

test('by keyboard alone: dismiss a rejected line with a reason', async () => {
  const { page } = await open('/ledger');
  await settled(page);
  const lines = page.locator('.rejections li');
  await lines.first().waitFor();
  const before = await lines.count();
  await lines.filter({ hasText: 'not_json' }).locator('summary').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, 'who');
  await page.keyboard.type('Ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('a test of mine');
  await page.keyboard.press('Enter');
  await expect.poll(() => lines.count()).toBe(before - 1);
});

test('a rejected line is mended and sent again, and is then a run', async () => {
  const { page } = await open('/ledger');
  await settled(page);
  const line = page.locator('.rejections li').filter({ hasText: 'missing_identity' });
  await line.locator('summary').click();
  await line
    .getByRole('textbox', { name: 'The line, masked' })
    .fill('{"event_type": "RUN_START", "process_name": "mended_job", "run_id": "mended-1"}');
  await line.getByRole('button', { name: 'Send it again' }).click();
  await page.getByText('None is open.').waitFor();
  const found = await fetch(`${inject('url')}/api/runs/mended-1`);
  expect(await found.json()).toMatchObject([{ run: { process_name: 'mended_job' } }]);
});

test.each([
  ['/runs/%E0%A4%A', 'There is no such run'],
  ['/runs/no-such', 'There is no such run'],
  ['/pipelines/prod/no-such', 'It has not run in 90 days'],
  ['/incidents/a/b/c/1', 'There is no such incident'],
  ['/incidents/%00', 'There is no such incident'],
  ['/lineage?dataset=no-such', 'Nothing is known of it'],
  ['/runs?pipeline=no-such', 'No run matches'],
  ['/ask?question=no-such', 'There is no question named'],
])('at %s the page says what to do', async (path, says) => {
  const { page } = await open(path);
  await page.getByText(says).first().waitFor();
});

test('a filter that is not one is refused in words', async () => {
  const { page } = await open('/runs?since=yesterday');
  await page.getByRole('alert').filter({ hasText: 'expected since as a time' }).waitFor();
});

test('an id that several pipelines have asks which is meant', async () => {
  const events = ['a_job', 'b_job'].map((process_name) => ({
    process_name,
    environment: 'prod',
    run_id: 'shared-1',
    event_type: 'RUN_START',
  }));
  await fetch(`${inject('url')}/events`, {
    method: 'POST',
    body: events.map((event) => JSON.stringify(event)).join('\n'),
  });
  const { page } = await open('/runs/shared-1');
  await page.getByRole('heading', { name: '2 runs have this id' }).waitFor();
});

test('by keyboard alone: a failed run is run again from the step that failed, once its plan was seen', async () => {
  const run = { process_name: 'again_job', environment: 'prod', run_id: 'again-1' };
  const step = (index: number, step_name: string, status: string) => ({
    ...{ ...run, event_type: 'STEP_END', step_index: index, step_name, status },
    ...(status === 'FAILED' && { error: { error_code: 'D201', message: 'no such column' } }),
  });
  await send(inject('url'), [
    { ...run, event_type: 'RUN_START' },
    step(1, 'extract', 'SUCCESS'),
    step(2, 'load', 'FAILED'),
    { ...run, event_type: 'RUN_END', status: 'FAILED' },
  ]);
  const { page } = await open('/runs/again-1');
  await settled(page);
  const form = page.getByRole('form', { name: 'Run it again' });
  await form.getByRole('combobox').focus();
  await page.keyboard.type('the step');
  await page.keyboard.press('Tab');
  await page.keyboard.type('day="3 November" retries=0');
  await page.keyboard.press('Enter');
  await page.getByText('1 step of 2').waitFor();
  expect(await page.getByText('extract').last().textContent()).toContain('extract');
  await tabTo(page, 'who');
  await page.keyboard.type('Ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('the column is there now');
  await page.keyboard.press('Enter');
  const again = page.getByRole('status').filter({ hasText: 'Started as' }).getByRole('link');
  await again.waitFor();
  await page.getByText('the column is there now').waitFor();
  await again.click();
  await page.getByRole('heading', { level: 1, name: /again_job/ }).waitFor();
  await page.getByText('from step 2 with {"day":"3 November","retries":"0"}').waitFor();
});
