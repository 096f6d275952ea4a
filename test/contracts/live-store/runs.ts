import { expect } from 'vitest';
import type { RunTransition, UpdatedRun } from '../../../core/ports/live-runs.ts';
import type { LiveStore } from '../../../core/ports/live-store.ts';
import { checkTimesOf } from '../../../core/run/next-checks.ts';
import { merge, type Run } from '../../../core/run/run.ts';
import { indexOf } from '../../../core/run/run-index.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { viewOf } from '../../../core/run/run-view.ts';
import type { Event } from '../../../core/schema/event.ts';
import { anEvent } from '../../factories.ts';
import type { Behaviour } from './behaviour.ts';

const HOUR_MS = 3_600_000;
const at = (hour: string): string => `2025-11-03T${hour}:00:00.000Z`;

export const mergedInto = (stored: Run | undefined, arriving: Run): UpdatedRun => {
  const run = stored === undefined ? arriving : merge(stored, arriving);
  // To the millisecond of the lease: how much later a run is checked is no matter of the store.
  const view = viewOf(run).run;
  return { run, index: { ...indexOf(run, view), check_times: checkTimesOf(view, 0) } };
};

/** Merges the runs of these events into the store, all in one call. */
export const track = (store: LiveStore, ...events: readonly Partial<Event>[]): Promise<readonly RunTransition[]> =>
  store.updateRuns(
    events.map((event) => runOf(anEvent(event))),
    mergedInto,
  );

/** As it comes back: what is unknown is absent. */
const stored = (run: Run): Run => JSON.parse(JSON.stringify(run)) as Run;

const idsOf = (runs: readonly Run[]): readonly string[] => runs.map(({ run_id }) => run_id);

export function runsContract(behaviour: Behaviour): void {
  behaviour('gives update nothing for a new run, and keeps what it returns', async (store) => {
    const run = runOf(anEvent({ owner: 'team "data" \u{1F600}', lease_ms: HOUR_MS }));
    const given: (Run | undefined)[] = [];
    await store.updateRuns([run], (before, arriving) => {
      given.push(before);
      return mergedInto(before, arriving);
    });
    expect(given).toEqual([undefined]);
    expect(await store.listRuns({ limit: 10 })).toEqual([stored(run)]);
  });

  behaviour('gives update what was stored before', async (store) => {
    const start = runOf(anEvent());
    const end = runOf(anEvent({ event_type: 'RUN_END', status: 'SUCCESS', event_time: at('13') }));
    await store.updateRuns([start], mergedInto);
    const given: (Run | undefined)[] = [];
    await store.updateRuns([end], (before, arriving) => {
      given.push(before);
      return mergedInto(before, arriving);
    });
    expect(given).toEqual([stored(start)]);
    expect(await store.listRuns({ limit: 10 })).toEqual([stored(merge(start, end))]);
  });

  behaviour('a run that arrives twice in one call is updated twice', async (store) => {
    await track(store, {}, { event_type: 'RUN_END', status: 'FAILED', event_time: at('13') });
    const [run] = await store.listRuns({ limit: 10 });
    expect(run && viewOf(run).run.status).toBe('FAILED');
  });

  behaviour('a run that update leaves stays as it was', async (store) => {
    await track(store, { owner: 'a' });
    const before = await store.listRuns({ limit: 10 });
    await store.updateRuns([runOf(anEvent({ owner: 'b' })), runOf(anEvent({ run_id: 'new' }))], () => undefined);
    expect(await store.listRuns({ limit: 10 })).toEqual(before);
  });

  /** As JSON writes them: unknown is absent, and of a new run so is `before`. */
  const plain = (transitions: readonly RunTransition[]): unknown => JSON.parse(JSON.stringify(transitions));

  behaviour('returns each run before and after, in the order they arrived', async (store) => {
    const [start, other] = [runOf(anEvent()), runOf(anEvent({ run_id: 'other' }))];
    const end = runOf(anEvent({ event_type: 'RUN_END', status: 'SUCCESS', event_time: at('13') }));
    expect(plain(await store.updateRuns([start], mergedInto))).toEqual([{ after: stored(start) }]);
    expect(plain(await store.updateRuns([other, end], mergedInto))).toEqual([
      { after: stored(other) },
      { before: stored(start), after: stored(merge(start, end)) },
    ]);
  });

  behaviour('returns a run that was left, or written as it was, as what is stored', async (store) => {
    const run = runOf(anEvent({ owner: 'a' }));
    await store.updateRuns([run], mergedInto);
    const unchanged = [{ before: stored(run), after: stored(run) }];
    const arriving = runOf(anEvent({ owner: 'b' }));
    expect(plain(await store.updateRuns([arriving], () => undefined))).toEqual(unchanged);
    expect(plain(await store.updateRuns([run], mergedInto))).toEqual(unchanged);
  });

  behaviour('returns nothing of a run that is not stored', async (store) => {
    expect(await store.updateRuns([runOf(anEvent())], () => undefined)).toEqual([]);
  });

  behaviour('returns a run that arrives twice once, as it was before the call and is after it', async (store) => {
    await track(store, {});
    const [start] = await store.listRuns({ limit: 10 });
    const twice = await track(
      store,
      { event_type: 'STEP_START', step_name: 'load' },
      { run_id: 'other' },
      { event_type: 'RUN_END', status: 'FAILED', event_time: at('13') },
    );
    const [end] = await store.listRuns({ run_id: 'run-1', limit: 10 });
    const [other] = await store.listRuns({ run_id: 'other', limit: 10 });
    expect(plain(twice)).toEqual([{ before: start, after: end }, { after: other }]);
  });

  behaviour('runs are told apart by environment, process name and run id', async (store) => {
    const names = [{}, { environment: 'dev' }, { process_name: 'orders' }, { run_id: 'run-2' }];
    await track(store, ...names);
    expect(await store.listRuns({ limit: 10 })).toHaveLength(names.length);
  });

  behaviour('a call without runs does nothing', async (store) => {
    expect(await store.updateRuns([], () => expect.unreachable())).toEqual([]);
    expect(await store.listRuns({ limit: 10 })).toEqual([]);
  });

  behaviour('rejects with what update throws, and leaves that run as it was', async (store) => {
    await track(store, { owner: 'a' });
    const before = await store.listRuns({ limit: 10 });
    const broken = new Error('the update broke');
    await expect(
      store.updateRuns([runOf(anEvent({ owner: 'b' }))], () => {
        throw broken;
      }),
    ).rejects.toBe(broken);
    expect(await store.listRuns({ limit: 10 })).toEqual(before);
    await track(store, { event_type: 'HEARTBEAT' });
  });

  behaviour('updates of one run at the same time all count', async (store) => {
    const steps = Array.from({ length: 20 }, (_, index) => `step-${index}`);
    await Promise.all(steps.map((step_name) => track(store, { event_type: 'STEP_START', step_name })));
    const [run] = await store.listRuns({ limit: 10 });
    expect(Object.keys(run?.steps ?? {})).toHaveLength(steps.length);
  });

  behaviour('lists the latest start first, as many as were asked for', async (store) => {
    await track(
      store,
      { run_id: 'noon', event_time: at('12') },
      { run_id: 'evening', event_time: at('20') },
      { run_id: 'morning', event_time: at('06') },
    );
    expect(idsOf(await store.listRuns({ limit: 10 }))).toEqual(['evening', 'noon', 'morning']);
    expect(idsOf(await store.listRuns({ limit: 2 }))).toEqual(['evening', 'noon']);
  });

  behaviour('a start that becomes known later moves the run', async (store) => {
    await track(store, { run_id: 'a', event_type: 'HEARTBEAT', event_time: at('12') });
    await track(store, { run_id: 'b', event_time: at('10') });
    await track(store, { run_id: 'a', event_time: at('08') });
    expect(idsOf(await store.listRuns({ limit: 10 }))).toEqual(['b', 'a']);
  });

  behaviour('lists by environment, process name, run id, and any of them together', async (store) => {
    await track(
      store,
      { run_id: '1', process_name: 'orders', event_time: at('01') },
      { run_id: '2', process_name: 'orders', event_time: at('02') },
      { run_id: '1', process_name: 'orders', environment: 'dev', event_time: at('03') },
      { run_id: '1', process_name: 'returns', event_time: at('04') },
    );
    const found = async (filter: Parameters<LiveStore['listRuns']>[0]) =>
      (await store.listRuns(filter)).map((run) => [run.environment, run.process_name, run.run_id].join(' '));
    expect(await found({ environment: 'dev', limit: 10 })).toEqual(['dev orders 1']);
    expect(await found({ process_name: 'orders', limit: 10 })).toEqual([
      'dev orders 1',
      'prod orders 2',
      'prod orders 1',
    ]);
    expect(await found({ run_id: '1', limit: 10 })).toEqual(['prod returns 1', 'dev orders 1', 'prod orders 1']);
    expect(await found({ run_id: '1', process_name: 'orders', environment: 'prod', limit: 10 })).toEqual([
      'prod orders 1',
    ]);
    expect(await found({ run_id: 'none', limit: 10 })).toEqual([]);
  });

  behaviour('lists open runs, or those that have ended', async (store) => {
    await track(store, { run_id: 'open' }, { run_id: 'ends' });
    expect(await store.listRuns({ open: true, limit: 10 })).toHaveLength(2);
    await track(store, { run_id: 'ends', event_type: 'RUN_END', status: 'SUCCESS', event_time: at('13') });
    expect(idsOf(await store.listRuns({ open: true, limit: 10 }))).toEqual(['open']);
    expect(idsOf(await store.listRuns({ open: false, limit: 10 }))).toEqual(['ends']);
    expect(await store.listRuns({ open: true, run_id: 'ends', limit: 10 })).toEqual([]);
  });

  behaviour('lists runs since a moment, of all pipelines and of one', async (store) => {
    await track(
      store,
      { run_id: 'early', event_time: at('10') },
      { run_id: 'then', event_time: at('11') },
      { run_id: 'late', event_time: at('12'), process_name: 'another' },
    );
    const since = at('11');
    expect(idsOf(await store.listRuns({ since, limit: 10 }))).toEqual(['late', 'then']);
    expect(idsOf(await store.listRuns({ since, process_name: 'another', limit: 10 }))).toEqual(['late']);
    expect(idsOf(await store.listRuns({ since, open: true, limit: 10 }))).toEqual(['late', 'then']);
    expect(idsOf(await store.listRuns({ since: at('13'), limit: 10 }))).toEqual([]);
  });

  behaviour('tells runs that are under way from those that have fallen silent', async (store) => {
    const silent = { run_id: 'silent', event_time: at('12'), lease_ms: HOUR_MS };
    await track(store, silent, { run_id: 'alive', event_time: at('13') }, { run_id: 'ends', event_time: at('13') });
    await track(store, { run_id: 'ends', event_type: 'RUN_END', status: 'SUCCESS', event_time: at('13') });
    const alive = async (now: string) => idsOf(await store.listRuns({ open: true, alive_at: now, limit: 10 }));
    expect(await alive('2025-11-03T12:59:59.999Z')).toEqual(['alive', 'silent']);
    expect(await store.countOpenRuns('2025-11-03T12:59:59.999Z')).toEqual({ open_runs: 2, lost_runs: 0 });
    expect(await alive(at('13'))).toEqual(['alive']);
    expect(await store.countOpenRuns(at('13'))).toEqual({ open_runs: 1, lost_runs: 1 });
    expect(await store.listRuns({ alive_at: at('13'), limit: 10 })).toHaveLength(2);
    await track(store, { ...silent, event_type: 'HEARTBEAT', event_time: at('13') });
    expect(await alive(at('13'))).toEqual(['alive', 'silent']);
  });

  const look = async (store: LiveStore, now: string): Promise<readonly string[]> => {
    const runs = await store.dueRuns(now, 10);
    await store.markChecked(runs, now);
    return idsOf(runs);
  };

  behaviour('a run needs a look from the very millisecond of its check time on', async (store) => {
    await track(store, { lease_ms: HOUR_MS, event_time: at('12') });
    expect(await store.dueRuns('2025-11-03T12:59:59.999Z', 10)).toEqual([]);
    expect(idsOf(await store.dueRuns(at('13'), 10))).toEqual(['run-1']);
  });

  behaviour('a run is given again until it is marked: who is cut off in between loses nothing', async (store) => {
    await track(store, { lease_ms: HOUR_MS });
    const runs = await store.dueRuns(at('14'), 10);
    expect(idsOf(await store.dueRuns(at('14'), 10))).toEqual(['run-1']);
    await store.markChecked(runs, at('14'));
    expect(await store.dueRuns(at('15'), 10)).toEqual([]);
  });

  behaviour('a run needs a look when it passes its SLA, and another when its lease runs out', async (store) => {
    await track(store, { event_time: at('12'), sla: { expected_max_duration_ms: HOUR_MS }, lease_ms: 2 * HOUR_MS });
    expect(await look(store, at('13'))).toEqual([]);
    expect(await look(store, '2025-11-03T13:00:00.001Z')).toEqual(['run-1']);
    expect(await look(store, '2025-11-03T13:59:59.999Z')).toEqual([]);
    expect(await look(store, at('14'))).toEqual(['run-1']);
    expect(await look(store, at('23'))).toEqual([]);
  });

  behaviour('one look late enough is enough for both', async (store) => {
    await track(store, { event_time: at('12'), sla: { expected_max_duration_ms: HOUR_MS }, lease_ms: 2 * HOUR_MS });
    expect(await look(store, at('15'))).toEqual(['run-1']);
    expect(await look(store, at('16'))).toEqual([]);
  });

  behaviour('a run that was looked at needs no other look for what does not move its lease', async (store) => {
    await track(store, { lease_ms: HOUR_MS });
    await look(store, at('14'));
    await track(store, { owner: 'somebody', event_time: at('11'), lease_ms: HOUR_MS });
    expect(await look(store, at('15'))).toEqual([]);
  });

  behaviour('a run whose lease moved needs another look when the new one runs out', async (store) => {
    await track(store, { lease_ms: HOUR_MS });
    await look(store, at('14'));
    await track(store, { event_type: 'HEARTBEAT', event_time: at('14') });
    expect(await look(store, '2025-11-03T14:30:00.000Z')).toEqual([]);
    expect(await look(store, at('15'))).toEqual(['run-1']);
    expect(await look(store, at('16'))).toEqual([]);
  });

  behaviour('a run that spoke between a look and its mark needs a look at its new moment', async (store) => {
    await track(store, { lease_ms: HOUR_MS });
    const runs = await store.dueRuns(at('14'), 10);
    await track(store, { event_type: 'HEARTBEAT', event_time: at('14') });
    await store.markChecked(runs, at('14'));
    expect(await look(store, at('15'))).toEqual(['run-1']);
  });

  behaviour('a mark that arrives after a later one moves nothing back', async (store) => {
    await track(store, { event_time: at('12'), sla: { expected_max_duration_ms: HOUR_MS }, lease_ms: 2 * HOUR_MS });
    const runs = await store.dueRuns(at('15'), 10);
    expect(idsOf(runs)).toEqual(['run-1']);
    await store.markChecked(runs, at('15'));
    await store.markChecked(runs, '2025-11-03T13:30:00.000Z');
    expect(await store.dueRuns(at('16'), 10)).toEqual([]);
    await track(store, { owner: 'data-platform', event_time: at('12'), lease_ms: 2 * HOUR_MS });
    expect(await store.dueRuns(at('16'), 10)).toEqual([]);
  });

  behaviour('marking a run that is unknown does nothing', async (store) => {
    await store.markChecked([runOf(anEvent())], at('14'));
    expect(await store.listRuns({ limit: 10 })).toEqual([]);
  });

  behaviour('runs beyond the limit are given the next time, earliest first', async (store) => {
    await track(
      store,
      ...['11', '10', '09'].map((hour) => ({ run_id: hour, event_time: at(hour), lease_ms: HOUR_MS })),
    );
    const first = await store.dueRuns(at('14'), 2);
    expect(idsOf(first)).toEqual(['09', '10']);
    await store.markChecked(first, at('14'));
    expect(idsOf(await store.dueRuns(at('14'), 2))).toEqual(['11']);
  });

  behaviour('a run that has ended needs no look, and marking it changes nothing', async (store) => {
    await track(store, { lease_ms: HOUR_MS });
    const runs = await store.dueRuns(at('14'), 10);
    await track(store, { event_type: 'RUN_END', status: 'SUCCESS', event_time: at('12') });
    const ended = await store.listRuns({ limit: 10 });
    expect(await store.dueRuns(at('23'), 10)).toEqual([]);
    await store.markChecked(runs, at('14'));
    expect(await store.listRuns({ limit: 10 })).toEqual(ended);
    expect(await store.dueRuns(at('23'), 10)).toEqual([]);
  });
}
