import { describe, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { openLedger } from '../../aws/ledger.ts';
import type { AwsPorts } from '../../aws/ports.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { restartChanged } from '../../core/recovery/recovery.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakeRecoveryStore } from '../fakes/recovery-store.ts';

const FILE = 'version: 1\npipelines: { orders: { restart: { http: { url: "ssm:/runledger/x" } } } }\n';
const NOW = '2025-11-03T12:00:00.000Z';

/** A ledger whose live store is empty, and what it asks of the lake. */
function anEmptyLedger(liveOnly: boolean, replaced: Partial<AwsPorts> = {}) {
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const asked: string[] = [];
  const engine: QueryEngine = {
    dialect: 'trino',
    query: async ({ name }) => {
      asked.push(name);
      return [];
    },
    migrate: async () => [],
  };
  const never = () => {
    throw new Error('not expected to be called');
  };
  const ports: AwsPorts = {
    clock: { now: () => NOW },
    store: { put: never, get: never, list: never },
    live,
    ...judging(),
    recoveries: fakeRecoveryStore(),
    setLive: never,
    carryOut: never,
    testRoute: never,
    notificationLog: { has: never, record: never, claim: never },
    engine,
    answers: { answer: never },
    sink: { send: never },
    lease: { acquire: never, renew: never, release: never },
    leaseOf: never,
    openShadowTables: never,
    inspectTables: never,
    ...replaced,
  };
  const { signal } = new AbortController();
  const rebuilding = { pause: never, onWaiting: never, onLost: never, signal };
  return {
    ledger: openLedger(ports, {
      liveOnly,
      environment: 'prod',
      holidays: async () => ({ datesOf: () => [] }),
      rebuilding,
    }),
    asked,
  };
}

test('runs that the live store no longer has are found in the lake', async () => {
  const { ledger, asked } = anEmptyLedger(false);
  expect(await ledger.runs({ limit: 5 })).toEqual([]);
  expect(await ledger.show({ run_id: 'run-1' })).toEqual([]);
  expect(asked).toEqual(['run_history', 'run_history']);
});

test('a ledger that is asked every other second starts no query', async () => {
  const { ledger, asked } = anEmptyLedger(true);
  expect(await ledger.runs({ limit: 5 })).toEqual([]);
  expect(await ledger.show({ run_id: 'run-1' })).toEqual([]);
  expect(asked).toEqual([]);
});

describe('a run that a person asks to run again', () => {
  const request = {
    environment: 'prod',
    process_name: 'orders',
    run_id: 'new',
    who: 'ada',
    run_mode: 'full',
    params: {},
  };

  test('is written down, then carried out by the function that may, and its outcome is answered', async () => {
    const asked: unknown[] = [];
    const recoveries = fakeRecoveryStore();
    const { ledger } = anEmptyLedger(true, {
      ...{ recoveries, store: aStore() },
      carryOut: async (keys) => {
        asked.push(...keys);
        for (const key of keys)
          await recoveries.changeRecovery(
            key,
            (stored) => stored && restartChanged(stored, 'new', { state: 'started' }),
          );
      },
    });
    expect(await ledger.alerts.applyPipelines(FILE)).toMatchObject({ problems: [] });
    expect(await ledger.recovery.start(request)).toMatchObject({ run_id: 'new', state: 'started', who: 'ada' });
    expect(asked).toEqual([{ environment: 'prod', process_name: 'orders', slot: 'run new' }]);
  });

  test('stays written down when the function cannot be called, and says so', async () => {
    const recoveries = fakeRecoveryStore();
    const carryOut = async () => {
      throw new Error('Expected the function to answer, got: it is away.');
    };
    const { ledger } = anEmptyLedger(true, { recoveries, store: aStore(), carryOut });
    await ledger.alerts.applyPipelines(FILE);
    await expect(ledger.recovery.start(request)).rejects.toThrow(
      'it is away. What was asked for is written down, and started within a minute once that works.',
    );
    expect((await recoveries.listRecoveries({ limit: 9 }))[0]?.restarts).toMatchObject([{ state: 'planned' }]);
  });

  test('is refused where the file starts it by a command, which an account cannot', async () => {
    const { ledger } = anEmptyLedger(true, { store: aStore() });
    const { problems } = await ledger.alerts.applyPipelines(
      'version: 1\npipelines: { orders: { restart: { command: { run: [job] } } } }\n',
    );
    expect(problems).toMatchObject([{ message: expect.stringContaining('http') }]);
    await expect(ledger.recovery.start(request)).rejects.toThrow('expected a restart target of orders');
  });
});
