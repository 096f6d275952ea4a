import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { openLedger } from '../../aws/ledger.ts';
import type { AwsPorts } from '../../aws/ports.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { judging } from '../fakes/judging.ts';
import { fakeRecoveryStore } from '../fakes/recovery-store.ts';

const NOW = '2025-11-03T12:00:00.000Z';

/** A ledger whose live store is empty, and what it asks of the lake. */
function anEmptyLedger(liveOnly: boolean) {
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
  };
  const { signal } = new AbortController();
  const rebuilding = { pause: never, onWaiting: never, onLost: never, signal };
  return { ledger: openLedger(ports, { liveOnly, environment: 'prod', holidays: never, rebuilding }), asked };
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
