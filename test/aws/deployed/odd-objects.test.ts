import { afterAll, expect, test } from 'vitest';
import { runStateColumns } from '../../../core/schema/columns.ts';
import { expectToAddUp } from './adding-up.ts';
import { expectToFollowFromEvents } from './derived.ts';
import { openLedger } from './ledger.ts';
import { anew, aRun, dayAgo, hoursAgo, landedAt, line } from './told.ts';

const ledger = openLedger();
afterAll(() => ledger.live.close());

const { run_id, run_date, status } = runStateColumns;
const runsOf = (process: string) =>
  ledger.ask(`select run_id, run_date, status from pipeline_run_state where process_name = '${process}'`, {
    ...{ run_id, run_date, status },
  });

test('an object that is delivered six hours late is taken in', async () => {
  const process = anew('late');
  await ledger.land(landedAt(6, 'late'), aRun(process, 'run', hoursAgo(6.5)));
  await expectToAddUp(ledger);
  expect(await runsOf(process)).toMatchObject([{ run_id: 'run', status: 'SUCCESS' }]);
});

test('an hour that was compacted is compacted again with a late object, which repeats some of it', async () => {
  const process = anew('again');
  const first = aRun(process, 'run-1', hoursAgo(5));
  await ledger.land(landedAt(5, 'first'), first);
  await expectToAddUp(ledger);
  const before = (await ledger.live.summary()).lines;
  await ledger.land(landedAt(5, 'second'), [...first, ...aRun(process, 'run-2', hoursAgo(5))]);
  await expectToAddUp(ledger);
  expect((await runsOf(process)).map((run) => run.run_id).sort()).toEqual(['run-1', 'run-2']);
  const after = (await ledger.live.summary()).lines;
  expect([after.lines - before.lines, after.duplicates - before.duplicates]).toEqual([4, 2]);
});

test('one object may bring events of 150 days', async () => {
  const process = anew('many-days');
  const days = Array.from({ length: 150 }, (_, days) => dayAgo(days + 10));
  await ledger.send(days.flatMap((day) => aRun(process, day, `${day}T12:00:00.000Z`)));
  await expectToAddUp(ledger);
  expect((await runsOf(process)).map((run) => run.run_date).sort()).toEqual([...days].sort());
});

test('a run whose end arrives before its start, across midnight, is one row on the day it started', async () => {
  const process = anew('midnight');
  const end = { process_name: process, run_id: 'run', event_type: 'RUN_END', status: 'SUCCESS' };
  await ledger.send([line({ ...end, end_time: `${dayAgo(4)}T00:10:00.000Z` })]);
  await expectToAddUp(ledger);
  expect(await runsOf(process)).toMatchObject([{ run_date: dayAgo(4) }]);
  await ledger.send([
    line({ ...end, event_type: 'RUN_START', status: 'RUNNING', start_time: `${dayAgo(5)}T23:50:00.000Z` }),
  ]);
  await expectToAddUp(ledger);
  expect(await runsOf(process)).toEqual([{ run_id: 'run', run_date: dayAgo(5), status: 'SUCCESS' }]);
});

test('lines in raw/ that accept has not seen are accepted', async () => {
  const process = anew('stray');
  const lines = [...aRun(process, 'run', hoursAgo(2)), 'not json', ''];
  await ledger.store.put(landedAt(1, 'by-hand'), lines.map((each) => `${each}\n`).join(''));
  await ledger.store.put(landedAt(1, 'empty'), '');
  await expectToAddUp(ledger);
  expect(await runsOf(process)).toMatchObject([{ run_id: 'run', status: 'SUCCESS' }]);
});

test('what Firehose could not have transformed is accepted from its error prefix, in both spellings', async () => {
  const process = anew('envelope');
  const envelope = (run: string, more: object) => {
    const rawData = Buffer.from(aRun(process, run, hoursAgo(2)).join('\n')).toString('base64');
    return line({ attemptsMade: 4, errorCode: 'Lambda.FunctionError', errorMessage: 'x', rawData, ...more });
  };
  const arrived = Date.now() - 3_600_000;
  const known = new Set(await ledger.keysIn('raw/'));
  await ledger.store.put(
    `failed/processing-failed/dt=2026-01-01/hh=00/${process}`,
    `${envelope('run-1', { arrivalTimestamp: arrived, lambdaArn: 'arn' })}\n${envelope('run-2', {
      arrivalTimestamp: String(arrived),
      lambdaARN: 'arn',
    })}\n`,
  );
  await ledger.arrival(`raw/dt=${new Date(arrived).toISOString().slice(0, 10)}/`, (key) => !known.has(key));
  await expectToAddUp(ledger);
  expect((await runsOf(process)).map((run) => run.run_id).sort()).toEqual(['run-1', 'run-2']);
});

test('and everything that is derived follows from the events', () => expectToFollowFromEvents(ledger));
