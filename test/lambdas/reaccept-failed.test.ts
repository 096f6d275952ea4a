import { expect, test } from 'vitest';
import { handlerOf } from '../../lambdas/reaccept-failed.ts';
import { aClock } from '../fakes/clock.ts';
import { aStore } from '../fakes/object-store.ts';
import { aReport, settings } from './fakes.ts';

const KEY = 'failed/processing-failed/dt=2025-11-03/hh=13/ledger-1';
const told = {
  Records: [
    {
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'lake' }, object: { key: encodeURIComponent(KEY), size: 9 } },
    },
  ],
};
const good = (run: string) => JSON.stringify({ process_name: 'daily', run_id: run, event_type: 'RUN_START' });
const anEnvelope = (text: string, more: object = {}) =>
  JSON.stringify({
    attemptsMade: 4,
    arrivalTimestamp: Date.parse('2025-11-03T12:59:00.000Z'),
    errorCode: 'Lambda.FunctionError',
    errorMessage: 'it failed',
    rawData: Buffer.from(text).toString('base64'),
    ...more,
  });

function aLedger(content: string) {
  const store = aStore();
  store.objects.set(KEY, content);
  const report = aReport();
  const again = handlerOf({ store, settings, clock: aClock('2025-11-03T13:05:00.000Z'), report });
  return { store, report, again };
}
const keysOf = (store: ReturnType<typeof aStore>) => [...store.objects.keys()].filter((key) => key !== KEY);

test('the records in the envelopes land under the hour they arrived in, bad lines aside', async () => {
  const { store, report, again } = aLedger(
    [
      anEnvelope(`${good('a')}\n{broken`, { lambdaARN: 'arn:aws:lambda:x' }),
      anEnvelope(good('b'), { attemptsMade: '4', arrivalTimestamp: '1762174741000', lambdaArn: 'arn:aws:lambda:x' }),
    ].join('\n'),
  );
  await again(told);
  expect(keysOf(store)).toEqual([
    expect.stringMatching(/^rejected\/dt=2025-11-03\/hh=12\/aside-/),
    expect.stringMatching(/^raw\/dt=2025-11-03\/hh=12\/aside-/),
  ]);
  expect(report.lines).toMatchObject([
    { counts: { failed_records: 2, received: 3, accepted: 2, rejected: 1, rejected_lines: 1 }, errors: [] },
  ]);
});

test('doing it twice changes nothing', async () => {
  const { store, again } = aLedger(anEnvelope(`${good('a')}\n{broken`));
  await again(told);
  const once = new Map(store.objects);
  await again(told);
  expect(store.objects).toEqual(once);
});

test('a line that is no envelope is named, and the others are accepted', async () => {
  const { store, report, again } = aLedger(`what is this\n${anEnvelope(good('a'))}`);
  await again(told);
  expect(keysOf(store)).toHaveLength(1);
  expect(report.lines[0]?.errors[0]).toContain(`${KEY}, line 1: Expected an error envelope of Firehose`);
});

test('an envelope that cannot be landed is an error, so that Lambda tries again', async () => {
  const { store, again } = aLedger(anEnvelope(good('a')));
  store.refused.add('raw/');
  await expect(again(told)).rejects.toThrow('the bucket refuses raw/');
});
