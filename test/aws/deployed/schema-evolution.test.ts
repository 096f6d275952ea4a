import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { deploy, SHARED_OPTIONS } from '../deploy.ts';
import { accepted } from '../sent-lines.ts';
import { expectToAddUp } from './adding-up.ts';
import { expectToFollowFromEvents } from './derived.ts';
import { openLedger } from './ledger.ts';
import { anew, hoursAgo, landedAt, line } from './told.ts';

const ledger = openLedger();
const folder = mkdtempSync(join(tmpdir(), 'runledger-evolution-'));
const newer = join(folder, 'checkout');
const process = anew('evolving');
const awsUrl = inject('awsUrl');

beforeAll(() => {
  for (const each of [
    'bin',
    'lib',
    'lambdas',
    'aws',
    'flows',
    'ledger',
    'scripts',
    'core',
    'sql',
    'adapters',
    'dashboard',
    'package.json',
    'package-lock.json',
    'cdk.json',
  ])
    cpSync(each, join(newer, each), { recursive: true });
  symlinkSync(join(globalThis.process.cwd(), 'node_modules'), join(newer, 'node_modules'));
  const file = join(newer, 'core', 'schema', 'event-columns.ts');
  const columns = readFileSync(file, 'utf8');
  const first = '  flags: {';
  expect(columns.split(first)).toHaveLength(2);
  writeFileSync(
    file,
    columns.replace(first, `  cost_center: { type: 'varchar', comment: 'who pays for the run' },\n${first}`),
  );
});
afterAll(async () => {
  await ledger.live.close();
  rmSync(folder, { recursive: true });
});

const ended = (run_id: string, more: object = {}): string =>
  line({ process_name: process, run_id, event_type: 'RUN_END', status: 'SUCCESS', created_at: hoursAgo(1), ...more });

/** Who pays, by run, as the table has it. */
async function payers(): Promise<Readonly<Record<string, string | null>>> {
  const rows = await ledger.ask(`select run_id, cost_center from pipeline_logs where process_name = '${process}'`, {
    run_id: { type: 'varchar', comment: 'the run' },
    cost_center: { type: 'varchar', comment: 'who pays' },
  });
  return Object.fromEntries(rows.map(({ run_id, cost_center }) => [run_id, cost_center]));
}

test('a column that is new is added to the live table; old rows and old producers go on', async () => {
  await ledger.send([ended('before', { cost_center: 'A' })]);
  await expectToAddUp(ledger);
  await deploy({ awsUrl, folder: join(folder, 'newer'), checkout: newer, options: SHARED_OPTIONS });
  await ledger.send([ended('old-producer'), ended('new-producer', { cost_center: 'B' })]);
  await expectToAddUp(ledger);
  expect(await payers()).toEqual({ before: null, 'old-producer': null, 'new-producer': 'B' });
});

test('a deployment that is rolled back leaves the tables usable, for lines that the newer one landed too', async () => {
  await deploy({ awsUrl, folder: join(folder, 'older'), options: SHARED_OPTIONS });
  const [stamped = ''] = accepted([ended('landed-by-newer')]).lines;
  await ledger.store.put(landedAt(0, 'newer'), `${stamped.slice(0, -1)},"cost_center":"C"}\n`);
  await ledger.send([ended('after', { cost_center: 'D' })]);
  await expectToAddUp(ledger);
  const known = { before: null, 'old-producer': null, 'new-producer': 'B' };
  expect(await payers()).toEqual({ ...known, 'landed-by-newer': null, after: null });
  expect((await ledger.live.listRuns({ process_name: process, limit: 9 })).map(({ run_id }) => run_id).sort()).toEqual([
    'after',
    'before',
    'landed-by-newer',
    'new-producer',
    'old-producer',
  ]);
  await expectToFollowFromEvents(ledger);
});
