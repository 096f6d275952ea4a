import { beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../adapters/sha256.ts';
import { tracked } from '../../core/objects/object-change.ts';
import { waitedSeconds } from '../../core/objects/waiting.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { type QueryEngine, StatementAtLargeError } from '../../core/ports/query-engine.ts';
import { readUserSalt } from '../../flows/user-salt.ts';
import { handlerOf as aggregateMetrics } from '../../lambdas/aggregate-metrics.ts';
import { handlerOf as compactEvents } from '../../lambdas/compact-events.ts';
import { handlerOf as maintainTables } from '../../lambdas/maintain-tables.ts';
import { handlerOf as migrateTables } from '../../lambdas/migrate-tables.ts';
import { handlerOf as summarizeRuns } from '../../lambdas/summarize-runs.ts';
import { aBus } from '../fakes/bus.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { aWriterLease, type FakeLease } from '../fakes/writer-lease.ts';
import { aLiveStore, aReport } from './fakes.ts';

const OBJECT = 'raw/dt=2025-11-03/hh=12/a';

interface FakeEngine extends QueryEngine {
  readonly asked: { name: string; values: Readonly<Record<string, unknown>> }[];
  /** What the query of this name throws, once. */
  readonly failures: Map<string, Error>;
}

function anEngine(): FakeEngine {
  const asked: FakeEngine['asked'] = [];
  const failures = new Map<string, Error>();
  const counted = { object: OBJECT, lines: 3, inserted: 2, duplicates: 1, unreadable: 0, unaccepted: 0 };
  return {
    dialect: 'trino',
    asked,
    failures,
    async query(query, values) {
      asked.push({ name: query.name, values });
      const failure = failures.get(query.name);
      failures.delete(query.name);
      if (failure) throw failure;
      return (query.name === 'count_lines' ? [counted] : []) as never;
    },
    async migrate() {
      return ['created table pipeline_logs'];
    },
  };
}

const invocation = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 900_000 };
const nearlyOver = { ...invocation, getRemainingTimeInMillis: () => 200_000 };

let live: LiveStore;
let engine: FakeEngine;
let bus: ReturnType<typeof aBus>;
let lease: FakeLease;
let report: ReturnType<typeof aReport>;
const clock = aClock('2025-11-03T14:30:00.000Z');
const names = () => engine.asked.map(({ name }) => name);

beforeEach(() => {
  live = aLiveStore();
  engine = anEngine();
  bus = aBus();
  lease = aWriterLease();
  report = aReport();
});

const ports = () => ({ openEngine: () => engine, live, store: aStore(), lease, bus, clock, report });
const compact = () =>
  compactEvents({
    ...ports(),
    sink: { send: async () => ({ received: 0, accepted: 0, rejected: 0 }) },
  });

async function trackedObject(): Promise<void> {
  await live.recordObjects([{ object: OBJECT, lines: 3, size_bytes: 100 }]);
  await live.changeObjects(
    [OBJECT],
    tracked({ event_dates: ['2025-11-03'], log_dates: ['2025-11-03'], run_dates: ['2025-11-03'] }, 0),
  );
}

describe('an idle tick', () => {
  test.each([
    ['compact', () => compact()],
    ['summarize', () => summarizeRuns(ports())],
    ['aggregate', () => aggregateMetrics(ports())],
  ])('%s starts no query and says nothing', async (_, make) => {
    await make()({}, invocation);
    expect(names()).toEqual([]);
    expect(bus.published).toEqual([]);
    expect(report.lines).toHaveLength(1);
  });
});

test('the stages take an object on, one after the other, each saying so', async () => {
  await trackedObject();
  await compact()({}, invocation);
  await summarizeRuns(ports())({}, invocation);
  await aggregateMetrics(ports())({}, invocation);
  expect(names()).toEqual([
    'compact_events',
    'count_lines',
    'summarize_runs',
    'summarize_steps',
    'record_changes',
    'aggregate_metrics',
  ]);
  expect(bus.published).toEqual([
    { type: 'Events Compacted', detail: { objects: 1, inserted: 2 } },
    { type: 'Runs Summarized', detail: { objects: 1 } },
    { type: 'Metrics Aggregated', detail: { run_dates: ['2025-11-03'] } },
  ]);
  expect(report.lines[0]?.counts).toMatchObject({ objects: 1, lines: 3, inserted: 2, duplicates: 1 });
});

test('a stage that runs twice, or late, does no more than once', async () => {
  await trackedObject();
  for (let times = 0; times < 2; times++) await compact()({}, invocation);
  expect(names()).toEqual(['compact_events', 'count_lines']);
  expect(bus.published).toHaveLength(1);
});

test('two writers of one table: the second leaves the work to the first', async () => {
  await trackedObject();
  lease.hold('pipeline_logs', 'request-0');
  await compact()({}, invocation);
  expect(names()).toEqual([]);
  expect(report.lines[0]?.what).toBe('left to the other writer');
  expect(lease.holderOf('pipeline_logs')).toBe('request-0');
});

test('a stage that fails gives its lease back, keeps its marks, and goes on at the next tick', async () => {
  await trackedObject();
  engine.failures.set('count_lines', new Error('Athena is away'));
  await expect(compact()({}, invocation)).rejects.toThrow('Athena is away');
  expect(bus.published).toEqual([]);
  await compact()({}, invocation);
  expect(bus.published).toMatchObject([{ type: 'Events Compacted' }]);
});

test('a statement that nobody saw to its end keeps other writers out until the engine has ended it', async () => {
  const now = Date.parse(clock.at);
  await trackedObject();
  engine.failures.set('compact_events', new StatementAtLargeError('it was lost sight of'));
  await expect(compact()({}, invocation)).rejects.toThrow('lost sight of');
  expect(await lease.acquire('pipeline_logs', 'request-2', now + 30 * 60_000 - 1, 1)).toBeNull();
  expect(await lease.acquire('pipeline_logs', 'request-2', now + 30 * 60_000, 1)).toEqual({ fence: 2 });
});

describe('a stage whose second take fails', () => {
  beforeEach(async () => {
    await trackedObject();
    await live.recordObjects([{ object: `${OBJECT}2`, lines: 3, size_bytes: 200_000_000 }]);
    await live.changeObjects([`${OBJECT}2`], tracked({ event_dates: ['2025-11-03'], log_dates: [], run_dates: [] }, 0));
    const { query } = engine;
    engine.query = async (asked, values) => {
      if (engine.asked.length === 2) throw new Error('Athena is away');
      return query(asked, values);
    };
  });

  test('publishes what the first one did, and throws the failure', async () => {
    await expect(compact()({}, invocation)).rejects.toThrow('Athena is away');
    expect(bus.published).toEqual([{ type: 'Events Compacted', detail: { objects: 1, inserted: 2 } }]);
  });

  test('throws that failure also when the bus and the lease fail after it', async () => {
    bus.isDown = true;
    lease.release = async () => {
      throw new Error('the lease table is away');
    };
    await expect(compact()({}, invocation)).rejects.toThrow('Athena is away');
  });
});

test('a stage that cannot publish what it did fails; what it did stays done', async () => {
  await trackedObject();
  bus.isDown = true;
  await expect(compact()({}, invocation)).rejects.toThrow('the bus is away');
  expect(await live.objectsAt('compacted', {})).toMatchObject([{ object: OBJECT }]);
});

test('a tick takes no new work when its time is nearly over', async () => {
  await trackedObject();
  await compact()({}, nearlyOver);
  expect(names()).toEqual([]);
  expect(report.lines[0]?.counts).toMatchObject({ objects: 0 });
});

test('an object waits from the end of the hour it landed in', () => {
  expect(waitedSeconds(OBJECT, '2025-11-03T12:59:59.000Z')).toBe(0);
  expect(waitedSeconds(OBJECT, '2025-11-03T13:00:10.000Z')).toBe(10);
  expect(waitedSeconds(undefined, '2025-11-03T13:00:10.000Z')).toBe(0);
});

describe('migrations', () => {
  const request = (RequestType: 'Create' | 'Update' | 'Delete') => ({ RequestType, RequestId: '1', StackId: 'arn' });
  const unasked = () => Promise.reject(new Error('nothing was to be asked'));

  test('run when the stack is made or changed', async () => {
    const store = aStore();
    const migrate = migrateTables({
      openEngine: () => engine,
      store,
      makeSalt: () => 'a salt of this ledger',
      isRolledBack: unasked,
      report,
    });
    expect(await migrate(request('Create'), invocation)).toEqual({
      PhysicalResourceId: 'ledger-tables',
    });
    expect(report.lines[0]?.counts).toEqual({ request: 'Create', changes: 1, done: ['created table pipeline_logs'] });
    expect(await readUserSalt(store)).toBe('a salt of this ledger');
  });

  describe('that fail', () => {
    const failing = (isRolledBack: (stackId: string) => Promise<boolean>) =>
      migrateTables({
        openEngine: () => ({ ...engine, migrate: () => Promise.reject(new Error('Athena is throttled')) }),
        store: aStore(),
        makeSalt: () => 'a salt of this ledger',
        isRolledBack,
        report,
      });

    test('fail the deployment', async () => {
      await expect(failing(unasked)(request('Create'), invocation)).rejects.toThrow('Athena is throttled');
      await expect(failing(async () => false)(request('Update'), invocation)).rejects.toThrow('Athena is throttled');
      await expect(failing(unasked)(request('Update'), invocation)).rejects.toThrow('Athena is throttled');
    });

    test('only warn while a deployment is undone, so that the stack comes to where it was', async () => {
      const asked: string[] = [];
      const isRolledBack = async (stackId: string) => asked.push(stackId) > 0;
      expect(await failing(isRolledBack)(request('Update'), invocation)).toEqual({
        PhysicalResourceId: 'ledger-tables',
      });
      expect(asked).toEqual(['arn']);
      expect(report.lines).toMatchObject([{ errors: [{ message: 'Athena is throttled' }] }]);
    });
  });

  test('leave the tables alone when it is deleted', async () => {
    const migrate = migrateTables({
      openEngine: () => {
        throw new Error('no engine was expected');
      },
      store: aStore(),
      makeSalt: () => 'unused',
      isRolledBack: unasked,
      report,
    });
    await migrate(request('Delete'), invocation);
    expect(report.lines[0]?.counts).toMatchObject({ changes: 0 });
  });
});

describe('maintenance', () => {
  const maintain = (store = aStore()) =>
    maintainTables({
      ...ports(),
      store,
      ...judging(),
      sha256,
      keptFrom: async () => ({}),
      retention: { logsDays: 400, summariesDays: 1095 },
    });

  test('forgets by whole days, rewrites closed days, and cleans up, table by table', async () => {
    await maintain()({}, invocation);
    // What expires may be the last change: its number is noted before.
    expect(names().slice(0, 4)).toEqual([
      'last_change',
      'expire_pipeline_logs',
      'optimize_pipeline_logs',
      'vacuum_pipeline_logs',
    ]);
    expect(engine.asked[1]?.values).toEqual({ before: ['2024-09-29'] });
    expect(engine.asked[2]?.values).toEqual({ from: ['2025-10-27'], before: ['2025-11-03'] });
    expect(report.lines[0]?.counts).toMatchObject({ maintained: { length: 5 }, unmaintained_tables: 0 });
  });

  test('maintains every table also when the number of the last change cannot be noted, and says so', async () => {
    engine.failures.set('last_change', new Error('no such number'));
    await maintain()({}, invocation);
    expect(report.lines).toMatchObject([
      { counts: { unmaintained_tables: 0 }, errors: [{ message: 'no such number' }] },
    ]);
  });

  test('runs again what says that it is done in part', async () => {
    engine.failures.set('vacuum_pipeline_logs', new Error('ICEBERG_VACUUM_MORE_RUNS_NEEDED: run it again'));
    await maintain()({}, invocation);
    expect(names().filter((name) => name === 'vacuum_pipeline_logs')).toHaveLength(2);
  });

  test('leaves a table that somebody is writing to the next day, and says so', async () => {
    lease.hold('pipeline_run_state', 'request-0');
    await maintain()({}, invocation);
    expect(report.lines[0]?.counts).toMatchObject({
      maintained: ['pipeline_logs', 'job_metrics'],
      unmaintained: ['pipeline_run_state', 'pipeline_steps', 'run_changes'],
      unmaintained_tables: 3,
    });
  });

  test('tries a table that somebody was writing again, after the others', async () => {
    lease.hold('pipeline_logs', 'request-0');
    const { query } = engine;
    engine.query = (asked, values) => {
      if (asked.name !== 'last_change') lease.hold('pipeline_logs', 'request-0', 0);
      return query(asked, values);
    };
    await maintain()({}, invocation);
    expect(report.lines[0]?.counts).toMatchObject({ maintained: { 4: 'pipeline_logs' }, unmaintained_tables: 0 });
  });

  test.each(['expire', 'optimize', 'vacuum'])('a table that cannot be %sd holds up no other', async (statement) => {
    engine.failures.set(`${statement}_pipeline_logs`, new Error('the commit was lost'));
    await maintain()({}, invocation);
    expect(report.lines).toMatchObject([
      {
        counts: {
          maintained: ['pipeline_run_state', 'pipeline_steps', 'run_changes', 'job_metrics'],
          unmaintained: ['pipeline_logs'],
          unmaintained_tables: 1,
        },
        errors: [{ message: 'expected to maintain pipeline_logs, but got: the commit was lost' }],
      },
    ]);
    expect(lease.holderOf('pipeline_logs')).toBeUndefined();
  });

  test('begins no table when its time is nearly over, and says which are left', async () => {
    await maintain()({}, nearlyOver);
    expect(report.lines[0]?.counts).toMatchObject({ maintained: [], unmaintained_tables: 5 });
  });

  test('maintains the tables also when the bucket cannot be listed, and fails with that', async () => {
    const store = aStore();
    store.list = () => {
      throw new Error('the bucket is away');
    };
    await expect(maintain(store)({}, invocation)).rejects.toThrow('the bucket is away');
    expect(report.lines[0]?.counts).toMatchObject({ unmaintained_tables: 0 });
  });

  test('takes in objects that nobody told of, once their hour is well past', async () => {
    const store = aStore();
    store.objects.set(OBJECT, '');
    store.objects.set('raw/dt=2025-11-03/hh=14/on-its-way', '');
    await maintain(store)({}, invocation);
    expect(report.lines[0]?.counts).toMatchObject({ found_objects: 1, tracked: 1 });
    expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: OBJECT }]);
  });
});
