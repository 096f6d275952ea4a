import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { anEventOf, aRun, DAY, keptLake, NOW } from '../sql/questions/kept.ts';
import { aLedger, anIo, runOn } from './fakes.ts';

const { keep, lake, ask } = keptLake();
const dir = mkdtempSync(join(tmpdir(), 'runledger-report-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const LIMITS = { maxRows: 100_000, maxLength: 10_000_000, timeoutMs: 10_000 };
const HOSTILE = `<script>alert(1)</script>"'&\u202e`;
const ledger = () => aLedger({ query: async (sql) => lake().lake.answer(sql, LIMITS) });
const io = () => ({ ...anIo(), clock: { now: () => NOW } });
const report = async (...args: string[]) => runOn(ledger(), ['report', ...args], io());

const fill = () => {
  const bad = aRun('bad', 3 * 60, { status: 'FAILED', error_code: 'D201', error_message: HOSTILE, owner: 'crm' });
  return keep(
    [
      ...[1, 2, 3, 4].map((days) => aRun(`r${days}`, days * DAY - 60, { owner: 'crm', cluster_size: '2 x m5' })),
      bad,
      aRun('other', 60, { process_name: HOSTILE, owner: 'finance' }),
    ],
    [],
    [anEventOf(bad, 170, { quality: [{ dataset: 'sales', check_name: 'unique', success: false }] })],
  );
};

test('as text it says what the questions say, and no line is too long for mail', async () => {
  await fill();
  const { out } = await report('--week');
  const [failed] = await ask('failed-today', { since: '7d' });
  expect(out).toContain(`run             ${String(failed?.run_id)}\n`);
  expect(out).toContain('HOW IT WENT\n');
  expect(out).toContain('FLAKY STEPS\nNo step is flaky.\n');
  const [cost] = await ask('cost', { since: '7d', process_name: 'orders' });
  expect(out).toContain(`unknown because  ${String(cost?.unknown_because)}\n`);
  expect(Math.max(...out.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(76);
  expect(out).not.toContain('\u202e');
});

test('as HTML it is one file in which nothing is loaded, runs, or is taken for markup', async () => {
  await fill();
  const file = join(dir, 'today.html');
  const { out, err } = await report('--out', file);
  expect([out, err]).toEqual(['', `wrote ${file}\n`]);
  const html = readFileSync(file, 'utf8');
  expect(html).not.toMatch(/<script|javascript:|(?:src|href)=|@import|url\((?!#)/i);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
  expect(html.match(/<svg/g)).toHaveLength(1);
  const kpis = await ask('kpis', { since: '7d' });
  for (const { period, runs, failed } of kpis)
    expect(html).toContain(`<title>${String(period).slice(5)}: ${runs} runs, ${failed} failed</title>`);
});

test('of one owner, with prices', async () => {
  await fill();
  const prices = join(dir, 'prices.yaml');
  writeFileSync(prices, 'currency: EUR\nnode_types: { m5: 60 }\n');
  const { out } = await report('--week', '--owner', 'finance', '--prices', prices);
  expect(out).toContain('UTC, of finance\n');
  expect(out).not.toContain('orders');
  const crm = await report('--week', '--owner', 'crm', '--prices', prices);
  expect(crm.out).toContain('cost            8.00 EUR\n');
});

test('what is wrong with prices, or with the options, is said and nothing is written', async () => {
  await fill();
  const prices = join(dir, 'wrong.yaml');
  writeFileSync(prices, 'dpu_hours: 1\n');
  const wrong = await report('--prices', prices);
  expect(wrong.code).not.toBe(0);
  expect(wrong.err).toContain(`${prices}:1:1 dpu_hours: expected a known name`);
  expect((await report('--day', '--week')).err).toContain("'--week' cannot be used with option '--day'");
  expect((await report('--out', join(dir, 'no', 'such.html'))).err).toContain('cannot write');
});
