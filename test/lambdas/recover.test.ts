import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { Restarter, Start, Started } from '../../core/ports/restarter.ts';
import type { RecoveryKey } from '../../core/recovery/recovery.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { applyPipelines } from '../../flows/apply-pipelines.ts';
import { evaluateRuns } from '../../flows/evaluate.ts';
import { trackRuns } from '../../flows/track.ts';
import { handlerOf as checkOf } from '../../lambdas/check-deadlines.ts';
import { handlerOf } from '../../lambdas/recover.ts';
import { recordingSink } from '../adapters/http/fakes.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakeRecoveryStore } from '../fakes/recovery-store.ts';
import { aLiveStore, aReport, settings } from './fakes.ts';

const RETRY =
  'restart: { http: { url: "env:JOB" } }, retry: { by: ledger, max_attempts: 2, backoff: 5m }, idempotent: merge';
const START = '2025-11-03T12:00:00.000Z';
const MINUTE = 60_000;

let live: LiveStore;
let world: ReturnType<typeof aWorld>;
beforeEach(() => {
  world = aWorld();
  live = aLiveStore(world.clock);
  onTestFinished(() => live.close());
});

/** What the deciders and the function that carries out share; each `recover` is one call of the function. */
function aWorld() {
  const clock = aClock(START);
  const [bus, store, recoveries] = [aBus(), aStore(), fakeRecoveryStore()];
  const ports = { ...judging(), recoveries, store, bus, clock };
  const [report, sink] = [aReport(), recordingSink()];
  const starts: Start[] = [];
  const stops: string[] = [];
  const planned: (readonly [RecoveryKey, string])[] = [];
  const outside: { scheduler: boolean; outcome: Started } = {
    scheduler: false,
    outcome: { state: 'started', handle: 'h', detail: 'ok' },
  };
  const restarter: Restarter = {
    start: async (start) => {
      starts.push(start);
      return outside.outcome;
    },
    stop: async (handle) => {
      stops.push(handle);
      return { state: 'stopped', how: 'its platform says so' };
    },
  };
  return {
    ...{ clock, bus, store, recoveries, ports, report, sink, starts, stops, planned, outside },
    apply: async (text: string) => {
      const file = `version: 1\npipelines: { orders: { ${text} } }\n`;
      const restartKinds = ['http', 'command'] as const;
      const holidays = async () => ({ datesOf: () => [] });
      const applied = await applyPipelines(
        { ...ports, live, restartKinds, holidays, hash: contentHash, environment: 'prod' },
        file,
        clock.now(),
      );
      expect(applied.problems).toEqual([]);
    },
    track: async (...events: readonly Partial<Event>[]) => {
      const at = { process_name: 'orders', event_time: clock.now(), event_date: clock.now().slice(0, 10) };
      const { transitions } = await trackRuns(live, foldRuns(events.map((each) => anEvent({ ...at, ...each }))));
      return evaluateRuns({ ...ports, live }, transitions, clock.now());
    },
    recover: (event: unknown = {}) =>
      handlerOf({
        ...{ ...ports, live, report, sink, restarter, hash: settings.hash },
        wakeUpsOf: (arn) => ({
          plan: async (key, at) => {
            expect(arn).toBe('arn:recover');
            if (outside.scheduler) throw new Error('the scheduler is away');
            planned.push([{ environment: key.environment, process_name: key.process_name, slot: key.slot }, at]);
          },
        }),
      })(event, { invokedFunctionArn: 'arn:recover' }),
    check: () => checkOf({ ...ports, live, report, beat: async () => undefined })(),
    decisions: async () =>
      (await recoveries.listRecoveries({ limit: 100 })).flatMap(({ decisions }) =>
        decisions.map(({ kind, reason }) => [kind, reason]),
      ),
    incidents: async () =>
      (await ports.incidents.listIncidents({ limit: 9 })).map(({ slot, outbox }) => [slot, outbox.length]),
    asked: () => bus.published.splice(0).map(({ type }) => type),
    events: () =>
      sink.sent.flat().flatMap((text) =>
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
      ),
  };
}

const failed = {
  run_id: 'a',
  event_type: 'RUN_END',
  status: 'FAILED',
  error: { error_code: 'T101', message: 'no' },
} as const;

describe('a run that failed, of a pipeline that the ledger may start again', () => {
  test('is decided on before it is judged: nobody is told, and what carries out is called', async () => {
    await world.apply(RETRY);
    await world.track({ run_id: 'a' }, failed);
    expect(world.asked()).toEqual(['Recoveries Waiting']);
    expect(await world.decisions()).toEqual([['restart', 'RETRYABLE']]);
    expect((await world.incidents()).every(([, unsent]) => unsent === 0)).toBe(true);
    expect(world.starts).toEqual([]);
  });

  test('has its decision told and its next start planned at once, and is started once however often it is woken', async () => {
    await world.apply(RETRY);
    await world.track({ run_id: 'a' }, failed);
    await world.recover({ 'detail-type': 'Recoveries Waiting' });
    const key = { environment: 'prod', process_name: 'orders', slot: 'run a' };
    expect(world.planned).toEqual([[key, '2025-11-03T12:05:00.000Z']]);
    expect(world.starts).toEqual([]);
    expect(world.events()).toMatchObject([{ run_id: 'a', reporter: 'runledger', tags: { recovery: 'restart' } }]);
    expect([...world.store.objects.keys()].filter((each) => each.startsWith('recovery/'))).toHaveLength(1);

    world.clock.pass(5 * MINUTE);
    await Promise.all([world.recover({ recoveries: [key] }), world.recover({ recoveries: [key] })]);
    await world.recover({});
    expect(world.starts.map(({ run }) => run.run_id)).toEqual(['a-try2']);
    expect(await world.decisions()).toEqual([
      ['restart', 'RETRYABLE'],
      ['started', 'DONE'],
    ]);
  });

  test('that becomes due while its decision is told is woken for too', async () => {
    await world.apply(RETRY);
    await world.track({ run_id: 'a' }, failed);
    world.clock.pass(5 * MINUTE - 1);
    const { untoldRecoveries } = world.recoveries;
    world.ports.recoveries.untoldRecoveries = async (limit) => {
      world.clock.pass(1);
      return untoldRecoveries(limit);
    };
    // It is due when it is looked at a second time.
    world.ports.recoveries.dueRecoveries = async () => [];
    await world.recover();
    expect(world.planned.map(([, at]) => at)).toEqual(['2025-11-03T12:05:01.001Z']);
  });

  test('is started by the clock alone when its schedule was lost, and the next failure is told', async () => {
    await world.apply(RETRY);
    world.outside.scheduler = true;
    await world.track({ run_id: 'a' }, failed);
    await world.recover();
    expect(world.report.lines.at(-1)?.errors).toMatchObject([{ message: 'the scheduler is away' }]);
    world.asked();
    await world.check();
    expect(world.asked()).toEqual([]);
    world.clock.pass(5 * MINUTE);
    await world.check();
    expect(world.asked()).toEqual(['Recoveries Waiting']);
    await world.recover();
    expect(world.starts).toHaveLength(1);

    world.clock.pass(MINUTE);
    const child = { run_id: 'a-try2', run_attempt: 2, parent_run_id: 'a' };
    await world.track({ ...child }, { ...failed, ...child });
    expect(world.asked()).toEqual(['Recoveries Waiting', 'Notices Waiting']);
    expect((await world.decisions()).at(-1)).toEqual(['escalate', 'EXHAUSTED']);
  });

  test('that could not be decided on is told of to nobody yet, and its message comes again', async () => {
    await world.apply(RETRY);
    world.ports.recoveries.changeRecovery = async () => {
      throw new Error('the table is away');
    };
    const { failures } = await world.track({ run_id: 'a' }, failed);
    expect(failures.map(({ message }) => message)).toEqual([
      'Expected to decide on failed runs, got: the table is away',
    ]);
    expect(world.asked()).toEqual([]);
  });

  test('is left to people, who are told, when its target refuses', async () => {
    await world.apply(RETRY);
    world.outside.outcome = { state: 'not_started', why: 'it answered 404' };
    await world.track({ run_id: 'a' }, failed);
    world.clock.pass(5 * MINUTE);
    world.asked();
    await world.recover();
    expect((await world.decisions()).at(-1)).toEqual(['not_started', 'TARGET_REFUSED']);
    expect(world.asked()).toEqual(['Notices Waiting']);
    await world.recover();
    expect(world.starts).toHaveLength(1);
  });
});

test('where the file starts and stops nothing, nothing of recoveries is read', async () => {
  await world.apply('max_duration: 1h');
  for (const name of [
    'changeRecovery',
    'recoveryOfRun',
    'dueRecoveries',
    'untoldRecoveries',
    'listRecoveries',
  ] as const)
    world.ports.recoveries[name] = () => {
      throw new Error('not expected to be asked');
    };
  expect((await world.track({ run_id: 'a' }, failed)).failures).toEqual([]);
  await world.check();
  expect(world.asked()).toEqual(['Notices Waiting', 'Notices Waiting']);
});

test('a run that runs for too long is decided on by the clock, and stopped, once, by what may', async () => {
  await world.apply(`${RETRY}, kill_after: 30m`);
  await world.track({ run_id: 'a' }, failed);
  world.clock.pass(5 * MINUTE);
  await world.recover();
  const child = { run_id: 'a-try2', run_attempt: 2, parent_run_id: 'a', lease_ms: 10 * 3_600_000 };
  await world.track({ ...child, start_time: world.clock.now() });
  world.clock.pass(31 * MINUTE);
  await world.check();
  expect((await world.decisions()).at(-1)).toEqual(['stop', 'RUNAWAY']);
  expect(world.stops).toEqual([]);
  await world.recover();
  await world.check();
  await world.recover();
  expect(world.stops).toEqual(['h']);
  expect(world.events().filter(({ status }) => status === 'TIMED_OUT')).toMatchObject([{ run_id: 'a-try2' }]);
});

test('what fails in one part does not hold up the others, and is thrown', async () => {
  await world.apply(RETRY);
  await world.track({ run_id: 'a' }, failed);
  world.clock.pass(5 * MINUTE);
  world.store.refused.add('recovery/');
  await expect(world.recover()).rejects.toThrow('the bucket refuses recovery/');
  expect(world.starts).toHaveLength(1);
  world.store.refused.clear();
  await world.recover();
  expect(world.events().map(({ tags }) => (tags as { recovery: string }).recovery)).toEqual(['restart', 'started']);
});
