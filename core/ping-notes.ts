import { epochMsOf, type Instant } from './instant.ts';
import { endsRun, type Ping } from './ping.ts';

/** What is noted of a run that pings spoke of. */
export interface PingNote {
  readonly run_id: string;
  readonly started_at: Instant;
  /** When a ping last spoke of it. */
  readonly seen_at: Instant;
  readonly ended: boolean;
}

/** A run that another producer began. */
export interface StartedRun {
  readonly run_id: string;
  readonly started_at: Instant;
}

/** A run that nobody hears of for this long is given up, as one that promises no heartbeat (`core/run/lease.ts`). */
const ALIVE_MS = 24 * 3_600_000;
/** Runs of one pipeline that are under way at once; the oldest is forgotten. */
const MAX_OPEN = 50;
/** An ended run is noted until the live runs know of its end. Of these, the latest starts are asked for. */
export const MAX_ENDED = 5;

/**
 * Which run a ping belongs to, and the notes after it. One that names no run belongs to the run of its pipeline that
 * started last and has not ended, be it noted or `elsewhere`; without one it is a run of its own, `newRunId`.
 */
export function noted(
  notes: readonly PingNote[],
  { state, run_id: given }: Pick<Ping, 'state' | 'run_id'>,
  { newRunId, elsewhere, now }: { newRunId: string; elsewhere: readonly StartedRun[]; now: Instant },
): { readonly run_id: string; readonly notes: readonly PingNote[] } {
  const alive = notes.filter(({ seen_at }) => epochMsOf(now) - epochMsOf(seen_at) < ALIVE_MS);
  const run_id = given ?? (state === 'start' ? newRunId : (latestOpen(alive, elsewhere) ?? newRunId));
  const known = alive.find((each) => each.run_id === run_id);
  const started_at =
    (state === 'start' ? undefined : known?.started_at) ??
    elsewhere.find((each) => each.run_id === run_id)?.started_at ??
    now;
  const ended = endsRun(state) || (state === 'log' && known?.ended === true);
  const note = { run_id, started_at, seen_at: now, ended };
  return { run_id, notes: bounded([note, ...alive.filter((each) => each.run_id !== run_id)]) };
}

/** The notes as if the ping had not come: what ended a run is taken back, so that the next try ends it. */
export const takenBack = (
  notes: readonly PingNote[],
  run_id: string,
  before: PingNote | undefined,
): readonly PingNote[] =>
  notes.flatMap((each) => (each.run_id !== run_id ? [each] : before === undefined ? [] : [before]));

/** Whether `noted` needs to know what is `elsewhere`. */
export const looksElsewhere = ({ state, run_id }: Pick<Ping, 'state' | 'run_id'>): boolean =>
  run_id === undefined && state !== 'start';

function latestOpen(notes: readonly PingNote[], elsewhere: readonly StartedRun[]): string | undefined {
  const ended = new Set(notes.flatMap((each) => (each.ended ? [each.run_id] : [])));
  const open = [...notes, ...elsewhere].filter(({ run_id }) => !ended.has(run_id));
  return open.reduce<StartedRun | undefined>(
    (latest, each) => (latest === undefined || each.started_at > latest.started_at ? each : latest),
    undefined,
  )?.run_id;
}

function bounded(notes: readonly PingNote[]): readonly PingNote[] {
  const bySight = notes.toSorted((a, b) => (a.seen_at < b.seen_at ? 1 : a.seen_at > b.seen_at ? -1 : 0));
  const first = (ended: boolean, most: number) => bySight.filter((each) => each.ended === ended).slice(0, most);
  return [...first(false, MAX_OPEN), ...first(true, MAX_ENDED)];
}
