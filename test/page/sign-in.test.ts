import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aBrowser, overflow, screenshot, seriousFindings } from './browser.ts';
import { type Served, serveLedger } from './served.ts';

const { open } = aBrowser();
const TOKEN = 'a-token-that-nobody-guesses-in-a-test';
let served: Served;
beforeAll(async () => {
  served = await serveLedger({ token: TOKEN });
});
afterAll(() => served.close());

const token = (...args: readonly string[]): string =>
  execFileSync(process.execPath, ['dist/runledger.mjs', 'token', ...args, '--data', join(served.folder, 'ledger')], {
    encoding: 'utf8',
  });

test('who has no token sees a form; who has one is let in where they wanted to be, and signs out', async () => {
  const { page, context, problems } = await open(
    '/incidents?which=all',
    { viewport: { width: 360, height: 740 } },
    served.url,
  );
  await page.getByLabel('Token').waitFor();
  await screenshot(page, 'sign-in-phone');
  expect([await overflow(page), await seriousFindings(page)]).toEqual([0, []]);
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'expected' }).waitFor();
  await page.getByLabel('Token').fill(TOKEN);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Incidents', exact: true }).waitFor();
  expect(page.url()).toBe(`${served.url}/incidents?which=all`);

  const [cookie] = await context.cookies();
  expect([cookie?.httpOnly, cookie?.sameSite, cookie?.value.includes(TOKEN)]).toEqual([true, 'Strict', false]);
  expect(await page.evaluate('document.cookie')).toBe('');
  await page.reload();
  await page.getByRole('heading', { name: 'Incidents', exact: true }).waitFor();
  await page.getByRole('button', { name: /Sign out/ }).click();
  await page.getByLabel('Token').waitFor();
  expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
});

test('a token that is revoked under an open page asks for another one, at the same address', async () => {
  const secret = /rl_\S+/.exec(token('create', 'reader', '--role', 'read'))?.[0] ?? '';
  const { page } = await open('/runs?pipeline=x*', {}, served.url);
  await page.getByLabel('Token').fill(secret);
  await page.keyboard.press('Enter');
  await page.getByText('No run matches').waitFor();
  token('revoke', 'reader');
  await page.getByRole('link', { name: 'Ledger', exact: true }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: /revoked|session is over/ })
    .waitFor();
  expect(page.url()).toBe(`${served.url}/ledger`);
  await page.getByLabel('Token').fill(TOKEN);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'The ledger is well' }).waitFor();
});

test('who may only read is told what they may not do', async () => {
  const secret = /rl_\S+/.exec(token('create', 'looker', '--role', 'read'))?.[0] ?? '';
  const { page } = await open('/incidents', {}, served.url);
  await page.getByLabel('Token').fill(secret);
  await page.keyboard.press('Enter');
  await page.getByText('sign in with a token that may operate').waitFor();
  expect(await page.getByRole('button', { name: 'Silence' }).count()).toBe(0);
});

test('a token that is limited sees whose view it is, its own pipelines alone, and why the rest is not answered', async () => {
  const event = { event_type: 'RUN_END', status: 'SUCCESS', start_time: new Date().toISOString(), environment: 'prod' };
  const lines = [
    { ...event, process_name: 'ours', run_id: '1', owner: 'team-a' },
    { ...event, process_name: 'theirs', run_id: '2', owner: 'team-b' },
  ];
  const sent = await fetch(`${served.url}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });
  expect(sent.status).toBe(200);
  const limits = ['--owner', 'team-a', '--environment', 'prod'];
  const secret = /rl_\S+/.exec(token('create', 'limited', '--role', 'operate', ...limits))?.[0] ?? '';
  const { page, problems } = await open('/runs', {}, served.url);
  await page.getByLabel('Token').fill(secret);
  await page.keyboard.press('Enter');
  await page.getByText('limited to team-a, prod').waitFor();
  await page.getByRole('link', { name: 'ours', exact: true }).first().waitFor();
  await screenshot(page, 'limited-runs');
  const seen: string[] = [];
  for (const view of ['Today', 'Runs', 'Pipelines', 'Incidents', 'Lineage', 'Quality', 'Numbers', 'Ask', 'Ledger']) {
    await page.getByRole('link', { name: view, exact: true }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    seen.push((await page.locator('main').innerText()) ?? '');
    expect([view, await page.getByRole('alert').count()]).toEqual([view, 0]);
  }
  expect(seen.join('\n')).not.toContain('theirs');
  expect(seen.at(-1)).toContain('needs a token without limits');
  expect(seen.at(-2)).toContain('Choose a named question');
  await page.goto(`${served.url}/ask?question=rejected-lines`);
  await page.getByRole('alert').filter({ hasText: 'a rejected line says of no owner' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(problems.filter((problem) => !/40[13]/.test(problem))).toEqual([]);
});
