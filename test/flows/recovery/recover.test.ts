import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGoodStatus, isOpenStatus } from '../../../core/alert/run-course.ts';
import { CLAIM_MS, START_GRACE_MS } from '../../../core/recovery/recovery.ts';
import { startDue } from '../../../flows/start-due.ts';
import { aWorld } from './world.ts';

const RETRY = 'restart: { command: { run: [job] } }, retry: { by: ledger, max_attempts: 3, backoff: 5m }';
const MINUTE = 60_000;

describe('from a failure to the next run', () => {
  test('is decided once, and started once when its time has come', async () => {
    const world = aWorld(RETRY);
    world.begin('a');
    world.end('a', 'FAILED', 'T101');
    await world.judge();
    await world.judge();
    await world.fire();
    expect(world.starts).toEqual([]);
    world.nowMs += 5 * MINUTE;
    await Promise.all([world.fire(), world.fire()]);
    await world.fire();
    expect(world.starts.map(({ run }) => run)).toMatchObject([
      { run_id: 'a-try2', parent_run_id: 'a', run_attempt: 2 },
    ]);
    expect((await world.decisions()).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['restart', 'RETRYABLE'],
      ['started', 'DONE'],
    ]);
  });

  test('goes on to the last attempt, in one slot, also when the runs say nothing of their parents', async () => {
    for (const isTold of [true, false]) {
      const world = aWorld(RETRY);
      world.begin('a');
      world.end('a', 'FAILED', 'T101');
      for (let tries = 2; tries <= 4; tries++) {
        await world.judge();
        world.nowMs += 20 * MINUTE;
        await world.fire();
        const run = world.starts.at(-1)?.run;
        if (world.starts.length < tries - 1 || run === undefined) break;
        const told = isTold ? { parent_run_id: run.parent_run_id, run_attempt: run.run_attempt } : {};
        world.begin(run.run_id, told);
        world.end(run.run_id, 'FAILED', 'T101', told);
      }
      expect(world.starts.map(({ run }) => run.run_id)).toEqual(['a-try2', 'a-try3']);
      expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'escalate', reason: 'EXHAUSTED', slot: 'run a' });
    }
  });

  test('under an id that was used before is decided anew, and a late start of the first one changes nothing', async () => {
    const world = aWorld(RETRY);
    world.nowMs += MINUTE;
    world.end('a', 'FAILED', 'D201');
    await world.judge();
    const begun = new Date(world.nowMs - MINUTE).toISOString();
    world.tell({ run_id: 'a', event_type: 'RUN_START', status: 'RUNNING', start_time: begun, event_time: begun });
    await world.judge();
    expect((await world.decisions()).map(({ kind, reason }) => [kind, reason])).toEqual([['escalate', 'PERMANENT']]);
    world.nowMs += MINUTE;
    world.begin('a');
    world.nowMs += MINUTE;
    world.end('a', 'FAILED', 'T101');
    await world.judge();
    await world.judge();
    expect((await world.decisions()).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['escalate', 'PERMANENT'],
      ['restart', 'RETRYABLE'],
    ]);
  });

  test('is withdrawn when the slot has become good meanwhile', async () => {
    const world = aWorld(`${RETRY}, schedule: { cron: "0 2 * * *" }`);
    world.begin('a');
    world.end('a', 'FAILED', 'T101');
    await world.judge();
    world.begin('b');
    world.end('b', 'SUCCESS');
    world.nowMs += 6 * MINUTE;
    await world.fire();
    expect(world.starts).toEqual([]);
    expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'no', reason: 'SLOT_GOOD' });
  });

  test('a claim without an effect is reported, and never carried out again', async () => {
    const world = aWorld(RETRY);
    world.begin('a');
    world.end('a', 'FAILED', 'T101');
    await world.judge();
    world.nowMs += 5 * MINUTE;
    const dying = { ...world, restarter: { ...world.restarter, start: () => Promise.reject(new Error('killed')) } };
    await expect(startDue(dying, world.now())).rejects.toThrow('killed');
    await world.fire();
    world.nowMs += CLAIM_MS;
    await world.fire();
    await world.fire();
    expect(world.starts).toEqual([]);
    expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'unclear', reason: 'LEDGER_DIED', run_id: 'a' });
  });

  test('a claimed run that told of itself is no lost one', async () => {
    const world = aWorld(RETRY);
    world.begin('a');
    world.end('a', 'FAILED', 'T101');
    await world.judge();
    world.nowMs += 5 * MINUTE;
    const dying = { ...world, restarter: { ...world.restarter, start: () => Promise.reject(new Error('killed')) } };
    await expect(startDue(dying, world.now())).rejects.toThrow('killed');
    world.begin('a-try2');
    world.nowMs += CLAIM_MS;
    await world.fire();
    expect((await world.decisions()).map(({ kind }) => kind)).toEqual(['restart']);
  });

  test('a start that starts nothing is handed to people; one that answers late is just a run', async () => {
    const world = aWorld(RETRY);
    world.begin('a');
    world.end('a', 'FAILED', 'T101');
    await world.judge();
    world.nowMs += 5 * MINUTE;
    await world.fire();
    world.nowMs += START_GRACE_MS;
    await world.fire();
    expect((await world.decisions()).at(-1)).toMatchObject({ kind: 'escalate', reason: 'NOTHING_STARTED' });
    world.begin('a-try2');
    await world.judge();
    const [recovery] = await world.recoveries.listRecoveries({ limit: 1 });
    expect(recovery?.restarts).toMatchObject([{ state: 'heard' }]);
  });

  test('what the target refuses is told, and not tried again', async () => {
    const world = aWorld(RETRY);
    world.outcome = { state: 'not_started', why: 'expected a program, got ENOENT' };
    world.begin('a');
    world.end('a', 'FAILED', 'T101');
    await world.judge();
    world.nowMs += 50 * MINUTE;
    await world.fire();
    await world.judge();
    await world.fire();
    expect(world.starts).toHaveLength(1);
    expect((await world.decisions()).at(-1)).toMatchObject({
      kind: 'not_started',
      text: 'expected a program, got ENOENT',
    });
  });

  test('a storm opens the breaker: few are tried again, and starts come bounded', async () => {
    const world = aWorld(RETRY);
    for (let at = 0; at < 1_000; at++) {
      world.nowMs += 10;
      world.begin(`r${at}`);
      world.end(`r${at}`, 'FAILED', 'T101');
      if (at % 100 === 0) await world.judge();
    }
    await world.judge();
    world.nowMs += 10 * MINUTE;
    await world.fire();
    expect(world.starts.length).toBeLessThan(10);
    expect((await world.decisions()).filter(({ reason }) => reason === 'BREAKER_OPEN').length).toBeGreaterThan(200);
  });
});

/** What may happen in a world: runs begin and end, deciders and the clock come by, in any order. */
const step = fc.oneof(
  fc.record({ what: fc.constant('begin' as const), minutes: fc.nat(30) }),
  fc.record({
    what: fc.constant('end' as const),
    pick: fc.nat(20),
    status: fc.constantFrom('FAILED', 'FAILED', 'FAILED', 'SUCCESS', 'TIMED_OUT', 'CANCELLED'),
    code: fc.constantFrom('T101', 'T101', 'R401', 'D201', undefined),
  }),
  fc.record({ what: fc.constant('judge' as const), twice: fc.boolean() }),
  fc.record({ what: fc.constant('fire' as const), twice: fc.boolean(), minutes: fc.nat(90) }),
  // A start that was carried out, and may have begun its run.
  fc.record({ what: fc.constant('hear' as const), pick: fc.nat(20), tells: fc.boolean() }),
);

describe('over any history', () => {
  test.each([
    ['scheduled', 'schedule: { cron: "0 2 * * *" }, concurrency: 1'],
    ['not scheduled', 'concurrency: 1'],
  ])('restarts of a %s pipeline stay within what it allows, and each has its decision', async (_, more) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = aWorld(`${RETRY}, ${more}`);
        const { start } = world.restarter;
        const violations: string[] = [];
        const open = () => world.all().filter(({ run }) => isOpenStatus(run.status));
        const heard = new Set<string>();
        let runs = 0;
        world.restarter.start = async (given) => {
          // One that was silent for too long is in people's hands.
          const all = await world.recoveries.listRecoveries({ limit: 1000 });
          const waiting = all.flatMap(({ restarts }) => restarts).filter(({ state }) => state === 'started');
          const unheard = waiting.filter(({ run_id }) => !heard.has(run_id));
          if (open().length + unheard.length > 0) violations.push(`${given.run.run_id} beside an open run`);
          const recovery = await world.recoveries.recoveryOfRun(given, given.run.run_id);
          const own = world
            .all()
            .filter(({ run }) =>
              recovery?.slot.startsWith('run ')
                ? run.root_run_id === given.run.root_run_id || run.run_id === given.run.root_run_id
                : true,
            );
          if (own.some(({ run }) => isGoodStatus(run.status))) violations.push(`${given.run.run_id} after a success`);
          return start(given);
        };
        for (const each of steps) {
          if (each.what === 'begin') {
            world.nowMs += each.minutes * MINUTE;
            world.begin(`r${runs++}`);
          } else if (each.what === 'end') {
            const ids = open().flatMap(({ run }) => run.run_id ?? []);
            const id = ids[each.pick % Math.max(1, ids.length)];
            world.nowMs += 1_000;
            if (id !== undefined)
              world.end(id, each.status as 'FAILED', each.status === 'FAILED' ? each.code : undefined);
          } else if (each.what === 'hear') {
            const silent = world.starts.filter(({ run }) => !heard.has(run.run_id));
            const run = silent[each.pick % Math.max(1, silent.length)]?.run;
            if (run === undefined) continue;
            heard.add(run.run_id);
            const { parent_run_id, root_run_id, run_attempt } = run;
            world.begin(run.run_id, each.tells ? { parent_run_id, root_run_id, run_attempt } : { root_run_id });
          } else if (each.what === 'judge') {
            await Promise.all([world.judge(), ...(each.twice ? [world.judge()] : [])]);
          } else {
            world.nowMs += each.minutes * MINUTE;
            await Promise.all([world.fire(), ...(each.twice ? [world.fire()] : [])]);
          }
        }
        expect(violations).toEqual([]);
        const ids = world.starts.map(({ run }) => run.run_id);
        expect(new Set(ids).size).toBe(ids.length);
        const decisions = await world.decisions();
        for (const recovery of await world.recoveries.listRecoveries({ limit: 1000 })) {
          expect(recovery.restarts.filter(({ state }) => state !== 'withdrawn').length).toBeLessThanOrEqual(2);
          expect(recovery.decisions.map(({ number }) => number)).toEqual(recovery.decisions.map((_, at) => at + 1));
        }
        for (const id of ids)
          expect(decisions.some(({ kind, new_run_id }) => kind === 'restart' && new_run_id === id)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
