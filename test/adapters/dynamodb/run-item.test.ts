import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLiveStore } from '../../../adapters/dynamodb/live-store.ts';
import { packRun, unpackRun } from '../../../adapters/dynamodb/run-codec.ts';
import { NEVER, nextRunItem, runKey } from '../../../adapters/dynamodb/run-item.ts';
import { createTableInput, liveTable } from '../../../adapters/dynamodb/table.ts';
import { merge, type Run } from '../../../core/run/run.ts';
import type { RunIndex } from '../../../core/run/run-index.ts';
import { runOf } from '../../../core/run/run-of.ts';
import type { Event } from '../../../core/schema/event.ts';
import { anEvent } from '../../factories.ts';
import { clock, mockedTable } from './fakes.ts';

const at = (hour: string): string => `2025-11-03T${hour}:00:00.000Z`;
const index = (overrides: Partial<RunIndex> = {}): RunIndex => ({
  open: true,
  start_time: at('12'),
  check_times: [at('13')],
  ...overrides,
});
/** As DynamoDB counts: names and values, in UTF-8. */
const sizeOf = (item: object): number =>
  Object.entries(item).reduce(
    (size, [name, value]) =>
      size + name.length + (value instanceof Uint8Array ? value.length : Buffer.byteLength(String(value))),
    0,
  );
/** Another content each time, so that something is written. */
const aRun = (owner = 'a'): Run => runOf(anEvent({ owner }));

describe('the cell of a run', () => {
  test('gives back the run, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, count) => {
        const run = runOf(anEvent({ owner: text, step_name: text, event_type: 'STEP_END', records_in: count }));
        expect(unpackRun(packRun(run))).toEqual(JSON.parse(JSON.stringify(run)));
      }),
    );
  });

  test('a usual run of three steps is one write unit', () => {
    let minute = 0;
    const next = (overrides: Partial<Event>): Run =>
      runOf(
        anEvent({
          event_id: crypto.randomUUID(),
          event_time: `2025-11-03T12:${String(++minute).padStart(2, '0')}:07.123Z`,
          process_name: 'customer_daily',
          run_id: 'customer_daily_20251103',
          ...overrides,
        }),
      );
    let run = next({ owner: 'data-platform', status: 'RUNNING' });
    for (const [step_index, step_name] of ['extract', 'join', 'publish'].entries()) {
      run = merge(run, next({ step_index, step_name, event_type: 'STEP_START', status: 'RUNNING' }));
      const counts = { duration_ms: 60_123, records_in: 123_456, records_out: 120_001 + step_index };
      run = merge(run, next({ step_index, step_name, event_type: 'STEP_END', status: 'SUCCESS', ...counts }));
    }
    expect(sizeOf(nextRunItem(undefined, run, index(), undefined) ?? {})).toBeLessThanOrEqual(1024);
  });

  test('what this version wrote at first can be read for ever', () => {
    const cell =
      'AiOusk0uLS7Jz00tik9JzMypRK56i0rzdA1x1L+muoaGugbGIYZGBOtfXEox61+oSnD9i7WuxWUUeXUtXj8UpRbkFxFWi5Fu8RpKhDrc6RaXDg' +
      'P8wBAjqRJX+SFXTxRYXZKamIun2qitBQA=';
    expect(unpackRun(Buffer.from(cell, 'base64'))).toMatchObject({
      process_name: 'customer_daily',
      described: { owner: ['2025-11-03T12:00:00.000Z', `${'0'.repeat(31)}1`, 'team'] },
    });
  });

  test('one of another form is refused', () => {
    expect(() => unpackRun(Uint8Array.of(9, 1, 2))).toThrow('Expected a stored run packed in form 2, got form 9.');
  });

  test('a run whose every text is as long as it may be keeps fewer steps, and says so', () => {
    const noise = (bytes: number) => randomBytes(bytes).toString('base64url').slice(0, bytes);
    const statuses = ['FAILED', 'TIMED_OUT', 'CANCELLED', 'SUCCESS', 'SKIPPED', 'RETRY'] as const;
    const run = Array.from({ length: 64 }, (_, at) => {
      const step_name = `${at}-${noise(200)}`;
      return statuses.map((status) =>
        runOf(
          anEvent({
            ...{ event_type: 'STEP_END', status, step_name, event_id: noise(700), reporter: noise(512) },
            ...{ error: { error_code: noise(512), message: noise(512) }, records_in: 1, records_out: 2 },
          }),
        ),
      );
    })
      .flat()
      .reduce(merge);
    const kept = unpackRun(packRun(run));
    expect(Object.keys(kept.steps).length).toBeLessThan(Object.keys(run.steps).length);
    expect(kept.truncated).toBe(true);
    expect(Object.keys(run.steps).sort().slice(0, Object.keys(kept.steps).length).sort()).toEqual(
      Object.keys(kept.steps).sort(),
    );
  });

  test('a run larger than an item is refused, and named', () => {
    const large = { ...aRun(), run_id: 'large', memory: Array.from({ length: 30_000 }, () => crypto.randomUUID()) };
    expect(() => packRun(large)).toThrow('Expected the run large of customer_daily to be at most 399360 bytes');
  });
});

describe('an open run is planned to be looked at', () => {
  const first = nextRunItem(undefined, aRun(), index(), undefined);

  test('at the first of its moments', () => {
    expect(first).toMatchObject({ open: 'run', next_check_at: at('13'), version: 1 });
  });

  test('no later when its lease moves, because moving the entry is two writes', () => {
    const moved = nextRunItem(first, aRun('b'), index({ check_times: [at('15')] }), undefined);
    expect(moved).toMatchObject({ next_check_at: at('13'), check_times: [at('15')], version: 2 });
  });

  test('never again for a moment before the last look, and again when it has moved', () => {
    const looked = first && { ...first, next_check_at: NEVER, checked_at: at('14') };
    expect(nextRunItem(looked, aRun('b'), index(), undefined)).toMatchObject({ next_check_at: NEVER });
    expect(nextRunItem(looked, aRun('b'), index({ check_times: [at('13'), at('16')] }), undefined)).toMatchObject({
      next_check_at: at('16'),
      checked_at: at('14'),
    });
  });

  test('not at all once it has ended, and then its time is counted', () => {
    const ended = nextRunItem(first, aRun('b'), index({ open: false }), 1_762_000_000);
    expect(ended).toMatchObject({ expires_at: 1_762_000_000 });
    expect(ended).not.toHaveProperty('open');
    expect(ended).not.toHaveProperty('next_check_at');
    expect(nextRunItem(ended, aRun('c'), index(), 1_762_000_000)).not.toHaveProperty('expires_at');
  });
});

test('names too long for a key are replaced by their hash, and still differ', () => {
  const long = '\u{1F600}'.repeat(256);
  const keys = ['a', 'b'].map((environment) => runKey({ run_id: long, process_name: long, environment }));
  expect(keys.map(({ sk }) => sk.length)).toEqual([43, 43]);
  expect(keys[0]?.sk).not.toBe(keys[1]?.sk);
  expect(Buffer.byteLength(keys[0]?.pk ?? '')).toBeLessThanOrEqual(2048);
});

test('the table is told as data: its keys, and indexes that hold only what has their keys', () => {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = createTableInput('t');
  expect(KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(['pk', 'sk']);
  expect(GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(liveTable.indexes.map(({ name }) => name));
  expect(AttributeDefinitions?.map(({ AttributeName }) => AttributeName).sort()).toEqual([
    'kind',
    'next_check_at',
    'open',
    'pk',
    'process_name',
    'sk',
    'start_time',
  ]);
});

test('a time to keep that is none is refused', () => {
  const { settings } = mockedTable();
  expect(() => openLiveStore({ ...settings, clock, keepEndedDays: 0 })).toThrow(
    'Expected keepEndedDays to be a number of days above 0, got 0.',
  );
});
