/** One landed file of accepted lines. */
export interface DataObject {
  /** Its key in the object store: `raw/dt=YYYY-MM-DD/hh=HH/…`. */
  readonly object: string;
  /** Undefined of an object that was found in the store: its lines are counted when it is compacted. */
  readonly lines?: number | undefined;
  readonly size_bytes: number;
}

/** The dates that an object and its runs touch, so that SQL can be given them as literals. All `YYYY-MM-DD`, sorted. */
export interface ObjectDates {
  /** Every date on which those runs have events. */
  readonly log_dates: readonly string[];
  /** Every date on which the rows of those runs may stand. */
  readonly run_dates: readonly string[];
  /** The event_dates its lines bear; where a line is untimed, also every date of its run: a copy may stand there. */
  readonly event_dates: readonly string[];
}

/**
 * How far an object has come, in order. Each stage takes what the one before has marked. A parked object waits for a mended
 * copy or for a person, a forgotten one for nothing.
 */
export const STAGES = ['recorded', 'tracked', 'compacted', 'summarized', 'parked', 'forgotten'] as const;
export type Stage = (typeof STAGES)[number];

export interface ObjectRecord extends DataObject, ObjectDates {
  readonly stage: Stage;
  /** The `dateChanges` of the live store as of which its dates are whole. Undefined: it was not tracked. */
  readonly dates_as_of?: number | undefined;
  /** How often compacting it has failed. */
  readonly failures: number;
  /** What the first compaction made of its lines. */
  readonly counts?: Omit<LineCounts, 'object'> | undefined;
  /** Why it is parked, or forgotten. */
  readonly why?: string | undefined;
}

/** What became of an object's lines: lines = inserted + duplicates + unreadable + unaccepted. */
export interface LineCounts {
  readonly object: string;
  readonly lines: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly unreadable: number;
  readonly unaccepted: number;
}

export const NO_DATES: ObjectDates = { event_dates: [], log_dates: [], run_dates: [] };

/** Every date of both. */
export const joinDates = (a: ObjectDates, b: ObjectDates): ObjectDates => ({
  event_dates: union(a.event_dates, b.event_dates),
  log_dates: union(a.log_dates, b.log_dates),
  run_dates: union(a.run_dates, b.run_dates),
});

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])].sort();

/** The counts of several objects together. */
export interface LineTotal extends Omit<LineCounts, 'object'> {
  readonly objects: number;
}

/** Adds up the counts of objects. */
export function totalOf(counts: readonly LineCounts[]): LineTotal {
  const sum = (name: keyof Omit<LineCounts, 'object'>) => counts.reduce((total, each) => total + each[name], 0);
  return {
    objects: counts.length,
    lines: sum('lines'),
    inserted: sum('inserted'),
    duplicates: sum('duplicates'),
    unreadable: sum('unreadable'),
    unaccepted: sum('unaccepted'),
  };
}
