import { expect, test } from 'vitest';
import { restoreRecoveries } from '../../../flows/restore-recoveries.ts';
import { startDue } from '../../../flows/start-due.ts';
import { tellDecisions } from '../../../flows/tell-decisions.ts';
import { aStore } from '../../fakes/object-store.ts';
import { fakeRecoveryStore } from '../../fakes/recovery-store.ts';
import { aWorld } from './world.ts';

test('a lost store comes back from the log, and starts nothing that may have been started', async () => {
  const world = aWorld('restart: { command: { run: [job] } }, retry: { by: ledger, max_attempts: 3, backoff: 5m }');
  const store = aStore();
  const sent: string[] = [];
  const sink = {
    send: async (records: readonly Uint8Array[]) => {
      sent.push(...records.map((each) => new TextDecoder().decode(each)));
      return { received: 1, accepted: 1, rejected: 0 };
    },
  };
  world.begin('a');
  world.end('a', 'FAILED', 'T101');
  await world.judge();
  const telling = {
    ...world,
    store,
    sink,
    clock: { now: world.now },
    hash: (text: string) => text.length.toString(16),
  };
  expect(await tellDecisions(telling)).toBe(1);
  expect(await tellDecisions(telling)).toBe(0);
  expect(JSON.parse(sent[0] ?? '')).toMatchObject({
    ...{ run_id: 'a', event_type: 'METRIC', reporter: 'runledger' },
    tags: { recovery: 'restart', recovery_reason: 'RETRYABLE', recovery_run: 'a-try2' },
  });
  const recoveries = fakeRecoveryStore();
  expect(await restoreRecoveries(store, recoveries)).toBe(1);
  expect(await restoreRecoveries(store, recoveries)).toBe(1);
  const again = { ...world, recoveries };
  world.nowMs += 600_000;
  await startDue(again, world.now());
  expect(world.starts).toEqual([]);
  expect(await recoveries.listRecoveries({ limit: 10 })).toMatchObject([
    { slot: 'run a', decisions: [{ kind: 'restart' }], restarts: [{ run_id: 'a-try2', state: 'unclear' }] },
  ]);
});
