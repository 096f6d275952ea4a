import { afterEach, expect, test, vi } from 'vitest';
import type { ToldRun } from '../../core/run/told-run.ts';
import { startRecoveryLane } from '../../local/recovery-lane.ts';
import { watchTroubles } from '../../local/troubles.ts';
import { aStore } from '../fakes/object-store.ts';
import { aWorld } from '../flows/recovery/world.ts';

const TARGET = 'restart: { command: { run: [job] } }';
const RETRY = `${TARGET}, retry: { by: ledger, max_attempts: 3, backoff: 1s }`;
const ORDERS = { environment: 'prod', process_name: 'orders' };

afterEach(() => {
  vi.useRealTimers();
});

function aLane(world: ReturnType<typeof aWorld>) {
  const errors: string[] = [];
  const notices: string[] = [];
  const troubles = watchTroubles(
    world.clock,
    (error) => errors.push(String(error)),
    (text) => notices.push(text),
  );
  const changed: string[] = [];
  const lane = startRecoveryLane(
    {
      ...world,
      store: aStore(),
      hash: (text) => text,
      expecting: async () => ({ expectations: world.expectations }),
      mayStart: () => true,
    },
    troubles,
    (pipelines) => changed.push(...pipelines.map(({ process_name }) => process_name)),
  );
  const decide = (runs: readonly ToldRun[] = []) => lane.decide(runs, [ORDERS], world.now());
  return { ...lane, decide, errors, notices, changed };
}

test('a start that is due is carried out, however often somebody asks what is decided meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const world = aWorld(RETRY);
  const lane = aLane(world);
  world.begin('a');
  world.end('a', 'FAILED', 'T101');
  await lane.decide();
  for (let asked = 0; asked < 30; asked++) {
    world.nowMs += 100;
    await vi.advanceTimersByTimeAsync(100);
    await lane.decide();
  }
  expect(world.starts.map(({ run }) => run.run_id)).toEqual(['a-try2']);
  expect(lane.changed).toContain('orders');
  await lane.close();
});

test('a command that takes long to be stopped keeps no other pipeline waiting, and is told of when it is gone', async () => {
  const world = aWorld(`${RETRY}, kill_after: 10m`);
  let gone = (_: string): void => undefined;
  const isGone = new Promise<string>((done) => {
    gone = done;
  });
  world.restarter.stop = async () => ({ state: 'stopped', how: await isGone });
  world.begin('a', { lease_ms: 6_000_000 });
  world.end('a', 'FAILED', 'T101');
  const lane = aLane(world);
  await lane.decide();
  world.nowMs += 1_000;
  await lane.wake();
  world.begin('a-try2', { lease_ms: 6_000_000, run_attempt: 2, parent_run_id: 'a' });
  world.nowMs += 660_000;
  await lane.decide();
  // It is being stopped; another failure is decided on meanwhile.
  world.begin('b');
  world.end('b', 'FAILED', 'D201');
  await lane.decide();
  const kinds = async () => (await world.decisions()).map(({ run_id, kind }) => `${run_id} ${kind}`);
  expect(await kinds()).toContain('b escalate');
  expect(await kinds()).not.toContain('a-try2 stopped');
  gone('ended after SIGKILL');
  await lane.close();
  expect(await kinds()).toContain('a-try2 stopped');
});

test('a store that is away keeps no failure from being decided on once it is back', async () => {
  const world = aWorld(RETRY);
  const { changeRecovery } = world.recoveries;
  world.recoveries.changeRecovery = () => Promise.reject(new Error('the disk is full'));
  const lane = aLane(world);
  world.begin('a');
  world.end('a', 'FAILED', 'T101');
  await lane.decide();
  expect(lane.errors).toEqual(['Error: the disk is full']);
  world.recoveries.changeRecovery = changeRecovery;
  // Nobody names the pipeline again.
  await lane.wake();
  expect((await world.decisions()).map(({ kind }) => kind)).toEqual(['restart']);
  expect(lane.notices).toEqual(['recovery: works again']);
  await lane.close();
});
