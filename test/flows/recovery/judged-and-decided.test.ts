import { describe, expect, test } from 'vitest';
import { START_GRACE_MS } from '../../../core/recovery/recovery.ts';
import { expectedSlots } from '../../../flows/expected.ts';
import { requestStart } from '../../../flows/request-run.ts';
import { tellDecisions } from '../../../flows/tell-decisions.ts';
import { aStore } from '../../fakes/object-store.ts';
import { aWorld } from './world.ts';

const TARGET = 'restart: { command: { run: [job] } }';
const ON_LOST = `${TARGET}, retry: { by: ledger, max_attempts: 3, backoff: 5m, on: [lost] }`;
const MINUTE = 60_000;
const LEASE = { lease_ms: MINUTE };
const telling = (world: ReturnType<typeof aWorld>) => ({ ...world, store: aStore(), hash: (text: string) => text });

describe('a run that only the clock makes lost', () => {
  test('and that somebody judged before it was decided on, is due at once, and then decided on', async () => {
    const world = aWorld(ON_LOST);
    world.begin('a', LEASE);
    await world.evaluate();
    expect(await world.due()).toEqual([]);
    world.nowMs += 2 * MINUTE;
    expect(await world.due()).toEqual(['orders']);
    // As a file that is applied does: it judges, and decides nothing.
    await world.evaluate();
    world.nowMs += 1;
    expect(await world.due()).toEqual(['orders']);
    await world.judge();
    await world.evaluate();
    world.nowMs += 1;
    expect(await world.due()).toEqual([]);
    expect(await world.decisions()).toMatchObject([{ kind: 'restart', run_id: 'a' }]);
  });

  test('when it is first judged, is told of to nobody: another run is to come', async () => {
    const world = aWorld(ON_LOST);
    world.begin('b');
    world.end('b', 'SUCCESS');
    await world.evaluate();
    world.nowMs += MINUTE;
    world.begin('a', LEASE);
    world.nowMs += 2 * MINUTE;
    await world.judge();
    await world.evaluate(['a']);
    expect(await world.opened()).toEqual([]);
  });
});

describe('a run that runs for too long', () => {
  const KILL = `${TARGET}, kill_after: 10m`;
  const stopping = async (world: ReturnType<typeof aWorld>) => {
    await requestStart(world, {
      ...{ environment: 'prod', process_name: 'orders', run_id: 'a', who: 'ada', run_mode: 'manual', params: {} },
    });
    await world.fire();
    world.begin('a', { lease_ms: 100 * MINUTE });
    world.nowMs += 11 * MINUTE;
  };

  test('is stopped once, confirmed, and told of as timed out', async () => {
    const world = aWorld(KILL);
    await stopping(world);
    expect(await world.stop()).toBe(1);
    expect(await world.stop()).toBe(0);
    expect(world.stops).toEqual(['h']);
    expect(world.sent).toMatchObject([{ run_id: 'a', event_type: 'RUN_END', status: 'TIMED_OUT' }]);
    expect((await world.decisions()).map(({ kind }) => kind)).toEqual(['restart', 'started', 'stop', 'stopped']);
  });

  test('and says, as it is stopped, that it was cancelled, has timed out all the same: it is tried again, and nobody is told', async () => {
    for (const status of ['CANCELLED', 'FAILED'] as const) {
      const world = aWorld(`${KILL}, retry: { by: ledger, max_attempts: 2, backoff: 1m, on: [timed_out] }`);
      await stopping(world);
      const { stop } = world.restarter;
      world.restarter.stop = async (handle) => {
        world.end('a', status);
        // It is not decided on before the stop is confirmed.
        await world.judge();
        expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'stop' });
        return stop(handle);
      };
      await world.stop();
      world.hearItself();
      await world.judge();
      await world.evaluate(['a']);
      expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'restart', text: /^timed out: run 2 of 2/ });
      expect(await world.opened()).toEqual([]);
    }
  });

  test('is stopped again when the ledger died before that was confirmed', async () => {
    const world = aWorld(KILL);
    await stopping(world);
    const { stop } = world.restarter;
    world.restarter.stop = () => Promise.reject(new Error('killed'));
    await expect(world.stop()).rejects.toThrow('killed');
    world.restarter.stop = stop;
    // Its client has told of its end meanwhile.
    world.end('a', 'CANCELLED');
    await world.evaluate(['a']);
    world.nowMs += 20_000;
    expect(await world.due()).toEqual(['orders']);
    expect(await world.stop()).toBe(1);
    expect(world.sent).toMatchObject([{ status: 'TIMED_OUT' }]);
  });

  test('that cannot be stopped is told of as running too long', async () => {
    const world = aWorld(KILL);
    await stopping(world);
    world.restarter.stop = async () => ({ state: 'not_stopped', why: 'expected it to end, but it is still there' });
    expect(await world.stop()).toBe(1);
    expect(await world.stop()).toBe(0);
    await world.evaluate(['a']);
    expect(await world.opened()).toEqual(['SLA_BREACH']);
    expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'not_stopped', reason: 'TARGET_REFUSED' });
  });

  test('and that the ledger did not start, is left alone; so is one of a dry run, and of a paused pipeline', async () => {
    const foreign = aWorld(KILL);
    foreign.begin('a', { lease_ms: 100 * MINUTE });
    foreign.nowMs += 11 * MINUTE;
    expect(await foreign.stop()).toBe(1);
    expect(await foreign.stop()).toBe(0);
    expect(await foreign.decisions()).toMatchObject([{ kind: 'no', reason: 'NOT_STARTED_HERE' }]);
    for (const more of ['dry_run: true', 'paused: true']) {
      const world = aWorld(`${KILL}, ${more}`);
      await stopping(world);
      await world.stop();
      expect([foreign.stops, world.stops, world.sent]).toEqual([[], [], []]);
    }
  });

  test('is looked at again when it was silent at that moment: silence stops nothing', async () => {
    const world = aWorld(KILL);
    await stopping(world);
    world.nowMs += 60 * MINUTE;
    expect(await world.stop()).toBe(0);
    await world.evaluate(['a']);
    expect(await world.due()).toEqual([]);
    world.tell({ run_id: 'a', event_type: 'HEARTBEAT', lease_ms: 100 * MINUTE });
    world.nowMs += MINUTE;
    expect(await world.due()).toEqual(['orders']);
    expect(await world.stop()).toBe(1);
  });
});

describe('a run that a person asked for', () => {
  const SLOT = '2025-11-02T02:00:00.000Z';
  const SCHEDULE = 'schedule: { cron: "0 2 * * *", start_grace: 1h }';
  const asked = { environment: 'prod', process_name: 'orders', run_id: 'b1', who: 'ada', params: {} };

  test('has not been heard of as long as only the ledger tells of it', async () => {
    const world = aWorld(TARGET);
    await requestStart(world, { ...asked, run_mode: 'manual' });
    await tellDecisions(telling(world));
    world.hearItself();
    await world.fire();
    await tellDecisions(telling(world));
    world.hearItself();
    expect(world.all()).toHaveLength(1);
    world.nowMs += START_GRACE_MS;
    await world.fire();
    expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'escalate', reason: 'NOTHING_STARTED' });
  });

  test('as a backfill pages nobody, though its job says nothing of that, and fills the slot it was started for', async () => {
    const retry = 'retry: { by: ledger, max_attempts: 3, backoff: 5m }';
    for (const status of ['FAILED', 'SUCCESS'] as const) {
      const world = aWorld(`${TARGET}, ${SCHEDULE}, ${retry}`);
      await world.evaluate();
      await requestStart(world, { ...asked, run_mode: 'backfill', scheduled_for: SLOT });
      await world.fire();
      world.nowMs += MINUTE;
      world.begin('b1');
      world.end('b1', status, status === 'FAILED' ? 'T101' : undefined);
      await world.judge();
      await world.evaluate(['b1']);
      expect(await world.opened()).toEqual([]);
      const slots = await expectedSlots(world, SLOT, '2025-11-03T03:00:00.000Z', world.now());
      expect(slots).toMatchObject([
        { slot: SLOT, state: status === 'FAILED' ? 'failed' : 'good', run_ids: ['b1'] },
        { state: 'waiting', run_ids: [] },
      ]);
      if (status === 'FAILED')
        expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'no', reason: 'BACKFILL' });
      expect(world.starts).toHaveLength(1);
    }
  });
});
