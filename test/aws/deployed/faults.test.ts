import { gzipSync } from 'node:zlib';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, test } from 'vitest';
import type { Fault } from '../facade/faults.ts';
import { expectToAddUp } from './adding-up.ts';
import { runningStatements, statementsDuring, withFaults } from './athena.ts';
import { expectToFollowFromEvents } from './derived.ts';
import { allow, invoke, until } from './functions.ts';
import { kill } from './kill.ts';
import { openLedger } from './ledger.ts';
import { anew, aRun, hoursAgo, landedAt } from './told.ts';

const ledger = openLedger();
afterAll(() => ledger.live.close());

/** Lands one more object, and returns its key once it is tracked. */
async function landOne(name: string): Promise<string> {
  const key = landedAt(1, name);
  await ledger.land(key, aRun(anew(name), 'run', hoursAgo(1.5)));
  await ledger.tracked();
  return key;
}

const objectsTracked = async () => (await ledger.live.summary()).objects.tracked;

test('of two compactions at once one does the work', async () => {
  await ledger.settle();
  await landOne('twice');
  const reports = await Promise.all([invoke('compact-events'), invoke('compact-events')]);
  expect(reports.map(({ objects }) => objects).sort()).toEqual([0, 1]);
  await expectToAddUp(ledger);
});

test('a compaction killed between inserting and counting is done again, once its lease has run out', async () => {
  await landOne('killed');
  const isCounting = ({ text }: { readonly text: string }) => text.includes(COUNTING);
  await withFaults([{ kind: 'hangs', text: COUNTING }], async () => {
    const killed = invoke('compact-events').catch((error: unknown) => error);
    await until('the count is under way', runningStatements, (running) => running.some(isCounting));
    await kill('compact-events');
    expect(await killed).toBeInstanceOf(Error);
  });
  expect(await invoke('compact-events')).toMatchObject({ message: 'left to the other writer' });
  await ledger.database.send(
    new UpdateCommand({
      TableName: ledger.outputs.TableName,
      Key: { pk: 'lease#pipeline_logs', sk: 'lease' },
      UpdateExpression: 'set held_until = :past',
      ExpressionAttributeValues: { ':past': 1 },
    }),
  );
  await expectToAddUp(ledger);
});

const COUNTING = 'what became of them';

test.each<[string, Fault, string]>([
  [
    'refuses every call',
    { kind: 'away', status: 400, error: 'AccessDeniedException' },
    'query compact_events did not start',
  ],
  [
    'fails every statement',
    { kind: 'fails', text: 'merge into', reason: 'GENERIC_INTERNAL_ERROR: it is broken', retryable: false },
    'query compact_events failed: GENERIC_INTERNAL_ERROR',
  ],
  [
    'cancels every statement at the scan limit',
    { kind: 'scan limit', bytes: 0 },
    'query compact_events was cancelled: Query cancelled! : Bytes scanned limit was exceeded',
  ],
])('while Athena %s for several ticks, objects wait; afterwards they are taken in', async (_, fault, message) => {
  await withFaults([fault], async () => {
    for (let ticks = 1; ticks <= 4; ticks++) {
      await landOne('waiting');
      await expect(invoke('compact-events')).rejects.toThrow(message);
      expect(await objectsTracked()).toBe(ticks);
    }
  });
  await expectToAddUp(ledger);
});

test('an object that no statement can read is parked with its reason, and the others go on', async () => {
  const poisoned = await landOne('poisoned');
  const fault: Fault = { kind: 'fails', text: poisoned, reason: 'HIVE_CURSOR_ERROR: it is torn', retryable: false };
  await withFaults([fault], async () => {
    await landOne('beside');
    for (let ticks = 0; ticks < 2; ticks++) await expect(invoke('compact-events')).rejects.toThrow('it is torn');
    expect(await invoke('compact-events')).toMatchObject({ objects: 1 });
    expect(await invoke('check-deadlines')).toMatchObject({ parked_objects: 1 });
  });
  const { parked } = await ledger.live.summary();
  expect(parked).toEqual([{ object: poisoned, why: expect.stringContaining('it is torn') }]);
  await expectToAddUp(ledger);
});

test('an object that is no whole gzip is parked when it is tracked', async () => {
  const whole = gzipSync(aRun('torn', 'run', hoursAgo(1)).join('\n'));
  const poisoned = landedAt(1, 'poisoned');
  await ledger.store.put(poisoned, whole.subarray(0, whole.length / 2));
  await ledger.tracked();
  const { parked } = await ledger.live.summary();
  expect(parked).toContainEqual({ object: poisoned, why: expect.stringContaining('gzip') });
  await expectToAddUp(ledger);
});

test('a parked object is taken in once a mended copy lands in its place', async () => {
  const lines = aRun(anew('mended'), 'run', hoursAgo(1));
  const key = landedAt(1, 'mended');
  const whole = gzipSync(lines.join('\n'));
  await ledger.store.put(key, whole.subarray(0, whole.length / 2));
  const isParked = async () => (await ledger.live.summary()).parked.some(({ object }) => object === key);
  await until('the cut object is parked', isParked, Boolean);
  await ledger.land(key, lines);
  await until('the mended one is not', isParked, (parked) => !parked);
  await expectToAddUp(ledger);
});

test('an idle tick starts no query', async () => {
  await ledger.settle();
  const started = await statementsDuring(async () => {
    for (const stage of ['compact-events', 'summarize-runs', 'aggregate-metrics'] as const) await invoke(stage);
    await invoke('check-deadlines');
  });
  expect(started).toEqual([]);
});

test('a backlog longer than one tick is taken by several', async () => {
  await ledger.settle();
  const before = (await ledger.live.summary()).objects.summarized;
  const process = anew('backlog');
  const keys = Array.from({ length: 510 }, (_, at) => landedAt(1, `backlog-${String(at).padStart(3, '0')}`));
  for (const [at, key] of keys.entries()) await ledger.land(key, aRun(process, String(at), hoursAgo(1.5)));
  await ledger.tracked();
  // A tick takes no new work in its last five minutes: this one has five and a second.
  const undo = await allow('compact-events', 301);
  try {
    expect(await invoke('compact-events')).toMatchObject({ objects: 500 });
    expect(await invoke('compact-events')).toMatchObject({ objects: 10 });
  } finally {
    await undo();
  }
  await expectToAddUp(ledger);
  expect((await ledger.live.summary()).objects.summarized - before).toBe(510);
});

test('and everything that is derived follows from the events', () => expectToFollowFromEvents(ledger));
