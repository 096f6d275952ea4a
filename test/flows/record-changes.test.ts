import { afterEach, beforeEach, expect, test } from 'vitest';
import { RUN_CHANGES_KEY } from '../../core/object-keys.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Event } from '../../core/schema/event.ts';
import { noteLastChange, recordAllChanges, recordChanges } from '../../flows/record-changes.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { EVERY_DAY } from '../../sql/statements.ts';
import { changesAfter, expectSoundChanges } from '../agreement/changes.ts';
import { derive, insertLines } from '../agreement/derive.ts';
import { openTestLake, type TestLake } from '../agreement/lake.ts';
import { anEvent } from '../factories.ts';
import { aStore, type FakeStore } from '../fakes/object-store.ts';

const NOW = '2025-11-04T00:10:00.000Z';
const DAYS = ['2025-11-03', '2025-11-04'];
const clock: Clock = { now: () => NOW };
let lake: TestLake;
let store: FakeStore;
beforeEach(async () => {
  lake = await openTestLake();
  store = aStore();
});
afterEach(() => lake.close());

const ports = () => ({ engine: lake.engine, store, clock });
const record = () => recordChanges(ports(), DAYS, EVERY_DAY);

async function takeIn(...events: readonly Event[]): Promise<void> {
  await insertLines(lake, events);
  await derive(lake.engine);
}

const start = (run_id: string, event_time = '2025-11-03T23:50:00.000Z') =>
  anEvent({ run_id, event_time, start_time: event_time, owner: 'sales "north"\n' });
const end = (run_id: string, status: 'SUCCESS' | 'FAILED' = 'SUCCESS') =>
  anEvent({ run_id, event_type: 'RUN_END', status, event_time: '2025-11-04T00:05:00.000Z' });
const run = (text: string) => lake.engine.query(defineQuery({ name: 'change', text, parameters: {}, columns: {} }), {});

test('a new run is created, and an end changes it: the row before, the row since, and what differs', async () => {
  await takeIn(start('a'));
  await record();
  await takeIn(start('a'), end('a', 'FAILED'));
  await record();

  const [created, changed, ...rest] = await changesAfter(lake.engine, 0);
  expect(rest).toEqual([]);
  expect(created).toMatchObject({ number: 1, kind: 'created', changed_at: NOW, status_before: null, row_before: null });
  expect(changed).toMatchObject({ number: 2, kind: 'changed', status_before: 'RUNNING', status: 'FAILED' });
  expect(changed?.changed_columns).toBe('status,end_time,duration_ms,last_event_at,lease_expires_at');
  expect(JSON.parse(changed?.row_before ?? '')).toMatchObject({
    status: 'RUNNING',
    run_id: 'a',
    run_date: '2025-11-03',
    run_attempt: 1,
    owner: 'sales "north"\n',
    start_time: '2025-11-03T23:50:00.000Z',
    last_event_failed: false,
  });
  await expectSoundChanges(lake.engine);
});

test('a turn that is repeated, or changes nothing, writes nothing', async () => {
  await takeIn(start('a'), start('b'));
  for (let times = 0; times < 3; times++) await record();
  await takeIn(start('a'), start('b'));
  await record();
  expect(await changesAfter(lake.engine, 0)).toHaveLength(2);
});

test('a turn that died between the runs and their changes is made up for by the next one', async () => {
  await takeIn(start('a'));
  await record();
  await takeIn(start('a'), end('a'));
  await takeIn(start('a'), end('a'), start('b'));
  await record();
  expect((await changesAfter(lake.engine, 1)).map(({ run_id, kind }) => [run_id, kind])).toEqual([
    ['b', 'created'],
    ['a', 'changed'],
  ]);
  await expectSoundChanges(lake.engine);
});

test('a row that moves to another day is one change, of the run that it was', async () => {
  await takeIn(end('a'));
  await record();
  await takeIn(end('a'), start('a'));
  await record();
  const [, moved] = await changesAfter(lake.engine, 0);
  expect(moved).toMatchObject({ kind: 'changed', run_date: '2025-11-03', status_before: 'SUCCESS' });
  expect(moved?.changed_columns).toMatch(/^run_date,/);
  await expectSoundChanges(lake.engine);
});

test('a consumer that asks for what is after its number misses nothing and gets nothing twice', async () => {
  const got: number[] = [];
  for (const at of [1, 2, 3]) {
    await takeIn(...Array.from({ length: at }, (_, run) => start(`run-${run}`)));
    await record();
    got.push(...(await changesAfter(lake.engine, got.at(-1) ?? 0)).map(({ number }) => number ?? 0));
  }
  expect(got).toEqual([1, 2, 3]);
});

test('numbers go on above the one that was noted, also when the table is lost or its rows expired', async () => {
  await takeIn(start('a'), start('b'));
  await record();
  await noteLastChange(ports());
  expect(JSON.parse(String(store.objects.get(RUN_CHANGES_KEY)))).toEqual({ number: 2 });
  await noteLastChange(ports());
  await run('delete from run_changes');
  await record();
  expect((await changesAfter(lake.engine, 2)).map(({ number, kind }) => [number, kind])).toEqual([
    [3, 'created'],
    [4, 'created'],
  ]);
});

test('after a rebuild only rows that came out otherwise are changes, and a run without any event left is deleted', async () => {
  await takeIn(start('same'), start('other'), start('gone'));
  await record();
  await run(`update pipeline_run_state set owner = 'corrected' where run_id = 'other'`);
  await run(`delete from pipeline_run_state where run_id = 'gone'`);
  for (let times = 0; times < 2; times++) await recordAllChanges(ports());
  expect(await changesAfter(lake.engine, 3)).toMatchObject([
    { number: 4, kind: 'changed', run_id: 'other', changed_columns: 'owner', owner: 'corrected' },
    { number: 5, kind: 'deleted', run_id: 'gone', run_date: '2025-11-03', status_before: 'RUNNING', status: null },
  ]);
  await takeIn(start('gone'));
  await recordAllChanges(ports());
  expect((await changesAfter(lake.engine, 5)).map(({ run_id, kind }) => [run_id, kind])).toContainEqual([
    'gone',
    'created',
  ]);
  await expectSoundChanges(lake.engine);
});
