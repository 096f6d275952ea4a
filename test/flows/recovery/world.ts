import { expectationsOf } from '../../../core/pipelines/expectations.ts';
import { readFile } from '../../../core/pipelines/read-file.ts';
import type { RunFilter } from '../../../core/ports/live-runs.ts';
import type { Restarter, Start, Started } from '../../../core/ports/restarter.ts';
import { merge, type Run, runKeyOf } from '../../../core/run/run.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { toldRunOf } from '../../../core/run/told-run.ts';
import type { Event } from '../../../core/schema/event.ts';
import { evaluateChanged, evaluatePipelines } from '../../../flows/evaluate-touched.ts';
import { recoverTouched } from '../../../flows/recover.ts';
import { startDue } from '../../../flows/start-due.ts';
import { stopRunaways } from '../../../flows/stop-runaways.ts';
import { anEvent } from '../../factories.ts';
import { fakeIncidentStore } from '../../fakes/incident-store.ts';
import { fakePipelineWatches } from '../../fakes/pipeline-watches.ts';
import { fakeRecoveryStore } from '../../fakes/recovery-store.ts';

/** Runs, decisions and a target, with a clock that the test sets. */
export function aWorld(settings: string) {
  const { file, problems } = readFile(`version: 1\npipelines:\n  orders: { ${settings} }\n`);
  if (file === undefined) throw new Error(JSON.stringify(problems));
  const expectations = expectationsOf(file, () => []);
  const runs = new Map<string, Run>();
  const recoveries = fakeRecoveryStore();
  const incidents = fakeIncidentStore();
  const watches = fakePipelineWatches();
  const sent: Record<string, unknown>[] = [];
  const starts: Start[] = [];
  const stops: string[] = [];
  const outcome = (): Started => world.outcome;
  const world = {
    nowMs: Date.parse('2025-11-03T02:00:00.000Z'),
    outcome: { state: 'started', handle: 'h', detail: 'ok' } as Started,
    expectations,
    environment: 'prod',
    recoveries,
    incidents,
    watches,
    sent,
    starts,
    stops,
    now: () => new Date(world.nowMs).toISOString(),
    tell(event: Partial<Event>): void {
      const at = world.now();
      const base = { process_name: 'orders', environment: 'prod', event_time: at, event_date: at.slice(0, 10) };
      const run = runOf(anEvent({ ...base, event_id: `e${Math.random()}`, ...event }));
      const known = runs.get(runKeyOf(run));
      runs.set(runKeyOf(run), known === undefined ? run : merge(known, run));
    },
    begin: (run_id: string, more: Partial<Event> = {}) =>
      world.tell({ run_id, event_type: 'RUN_START', status: 'RUNNING', start_time: world.now(), ...more }),
    end: (run_id: string, status: Event['status'], error_code?: string, more: Partial<Event> = {}) =>
      world.tell({
        ...{ run_id, event_type: 'RUN_END', status, end_time: world.now(), ...more },
        ...(error_code !== undefined && { error: { error_code, message: 'no' } }),
      }),
    live: {
      listRuns: async ({ limit, run_id }: RunFilter) =>
        [...runs.values()]
          .filter((run) => run_id === undefined || run.run_id === run_id)
          .sort((a, b) => (a.first_event_at < b.first_event_at ? 1 : -1))
          .slice(0, limit),
    },
    restarter: {
      async start(start: Start) {
        starts.push(start);
        return outcome();
      },
      async stop(handle: string) {
        stops.push(handle);
        return { state: 'stopped' as const, how: 'ended after SIGTERM' };
      },
    } as Restarter,
    sink: {
      async send(records: readonly Uint8Array[]) {
        for (const record of records)
          for (const line of new TextDecoder().decode(record).trim().split('\n')) sent.push(JSON.parse(line));
        return { received: 1, accepted: 1, rejected: 0 };
      },
    },
    clock: { now: () => world.now() },
    /** Judges, as the lane does once it has decided; `runs`: those that have changed. */
    evaluate: (run_ids: readonly string[] = []) =>
      run_ids.length === 0
        ? evaluatePipelines(world, [{ environment: 'prod', process_name: 'orders' }], world.now())
        : evaluateChanged(
            world,
            world.all().filter(({ run }) => run_ids.includes(run.run_id ?? '')),
            world.now(),
          ),
    due: async () => (await watches.dueWatches(world.now(), 10)).map(({ process_name }) => process_name),
    opened: async () => {
      const open = await incidents.listIncidents({ open: true, limit: 10 });
      return open.map(({ reasons }) => reasons.map(({ reason }) => reason).join(' '));
    },
    stop: () => stopRunaways(world, { environment: 'prod', process_name: 'orders' }, world.now()),
    /** What the ledger told of itself becomes events, as it does in a served ledger. */
    hearItself: () => {
      for (const event of sent.splice(0)) world.tell({ ...(event as Partial<Event>) });
    },
    all: () => [...runs.values()].map(toldRunOf),
    judge: () => recoverTouched(world, world.all(), [], world.now()),
    fire: () => startDue(world, world.now()),
    decisions: async () =>
      (await recoveries.listRecoveries({ limit: 1000 })).flatMap(({ slot, decisions }) =>
        decisions.map((each) => ({ slot, ...each })),
      ),
  };
  return world;
}
