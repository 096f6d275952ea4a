import { counted } from '../../../../core/format.ts';
import type { Incident, ShownRun, Slot } from '../../http/ledger.ts';
import { hasFailed, isLate, isOpen } from '../../parts/run-facts.ts';

/** The numbers of a day, each with the runs or slots that it counts. */
export interface Day {
  readonly incidents: readonly Incident[];
  readonly failed: readonly ShownRun[];
  readonly lost: readonly ShownRun[];
  readonly late: readonly ShownRun[];
  readonly missed: readonly Slot[];
  readonly running: readonly ShownRun[];
  readonly succeeded: readonly ShownRun[];
  /** Every run that is shown: those of the day, and those that still run from before. */
  readonly runs: readonly ShownRun[];
}

/**
 * What a day looks like: `ofDay` are the runs that started on it, `open` all that have not ended. A run counts once: a lost
 * one is not also failed, and a late one is one of those that run.
 */
export function dayOf(
  ofDay: readonly ShownRun[],
  open: readonly ShownRun[],
  incidents: readonly Incident[],
  slots: readonly Slot[],
  now: number,
): Day {
  const runs = [...new Map([...open, ...ofDay].map((run) => [keyOf(run), run])).values()];
  const lost = runs.filter(({ status }) => status === 'LOST');
  const running = runs.filter(({ status }) => isOpen(status));
  return {
    incidents,
    failed: runs.filter(({ status }) => hasFailed(status) && status !== 'LOST'),
    lost,
    late: running.filter((run) => isLate(run, now)),
    missed: slots.filter(({ state }) => state === 'missed'),
    running,
    succeeded: runs.filter(({ status }) => status === 'SUCCESS'),
    runs,
  };
}

/** How many things are wrong at this moment: what a person should look at. */
export const troubleOf = ({ failed, lost, late, missed, incidents }: Day): number =>
  Math.max(
    incidents.filter(({ status }) => status === 'open').length,
    failed.length + lost.length + late.length + missed.length,
  );

/** One sentence that says whether to stay or to go on. */
export function headline({ incidents, failed, lost, late, missed, running, succeeded, runs }: Day): string {
  const open = incidents.filter(({ status }) => status === 'open').length;
  const parts = [
    failed.length > 0 && `${failed.length} failed`,
    missed.length > 0 && `${missed.length} did not start`,
    late.length > 0 && `${late.length} late`,
    lost.length > 0 && `${lost.length} lost`,
    open > 0 && counted(open, 'open incident'),
  ].filter((part) => part !== false);
  if (parts.length > 0) return parts.join(', ');
  if (running.length > 0) return `All is well: ${running.length} running, ${succeeded.length} succeeded`;
  return runs.length === 0 ? 'Nothing ran today yet' : `All is well: ${succeeded.length} succeeded`;
}

export const keyOf = (run: Pick<ShownRun, 'environment' | 'process_name' | 'run_id'>): string =>
  JSON.stringify([run.environment, run.process_name, run.run_id]);

/** What is wrong, and of what runs the latest: a lane for each pipeline, the troubled first. */
export interface Lane {
  readonly environment: string;
  readonly process_name: string;
  readonly runs: readonly ShownRun[];
  readonly slots: readonly Slot[];
}

export function lanesOf(runs: readonly ShownRun[], slots: readonly Slot[], now: number): readonly Lane[] {
  const lanes = new Map<string, { environment: string; process_name: string; runs: ShownRun[]; slots: Slot[] }>();
  const laneOf = (environment: string | null, process_name: string | null) => {
    const key = JSON.stringify([environment, process_name]);
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const lane = { environment: environment ?? '', process_name: process_name ?? '', runs: [], slots: [] };
    lanes.set(key, lane);
    return lane;
  };
  for (const run of runs) laneOf(run.environment, run.process_name).runs.push(run);
  for (const slot of slots) laneOf(slot.environment, slot.process_name).slots.push(slot);
  const weightOf = (lane: Lane): number =>
    lane.runs.some(({ status }) => hasFailed(status)) || lane.slots.some(({ state }) => state === 'missed')
      ? 0
      : lane.runs.some((run) => isLate(run, now))
        ? 1
        : lane.runs.some(({ status }) => isOpen(status))
          ? 2
          : 3;
  return [...lanes.values()]
    .map((lane) => ({ lane, weight: weightOf(lane) }))
    .sort((a, b) => a.weight - b.weight || a.lane.process_name.localeCompare(b.lane.process_name))
    .map(({ lane }) => lane);
}
