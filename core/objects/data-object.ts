/** One landed file of accepted lines. */
export interface DataObject {
  /** Its key in the object store: `raw/dt=YYYY-MM-DD/hh=HH/…`. */
  readonly object: string;
  readonly lines: number;
  readonly size_bytes: number;
  /** The event_dates its lines bear. */
  readonly event_dates: readonly string[];
}

/** The dates that the runs of an object touch, so that SQL can be given them as literals. */
export interface RunDates {
  /** Every date on which those runs have events. */
  readonly log_dates: readonly string[];
  /** The run_dates their rows had before and have now. */
  readonly run_dates: readonly string[];
}

/** How far an object has come. Each stage takes what the one before has marked. */
export type Stage = 'recorded' | 'tracked' | 'compacted' | 'summarized' | 'parked';

export interface ObjectRecord extends DataObject, RunDates {
  readonly stage: Stage;
  /** How often compacting it has failed. */
  readonly failures: number;
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
