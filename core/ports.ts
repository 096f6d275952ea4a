import type { Columns, RowOf } from './column-type.ts';
import type { TABLES } from './columns.ts';
import type { Instant } from './instant.ts';
import type { LedgerEvent } from './ledger-event.ts';
import type { Notice } from './notice.ts';
import type { Arguments, Dialect, Parameters, Query } from './query.ts';
import type { Run } from './run.ts';

/** Time, from outside. */
export interface Clock {
  now(): Instant;
}

/** The lake's query engine: runs typed queries, nothing else. */
export interface QueryEngine {
  readonly dialect: Dialect;
  /** Throws `EngineAway` when it cannot be asked. Rows in the order the query gives; instants as `…Z` text, integers as exact numbers, unknown as null. */
  query<P extends Parameters, C extends Columns>(
    query: Query<P, C>,
    values: Arguments<P>,
  ): Promise<readonly RowOf<C>[]>;
  /** Makes the tables that are missing, adds the columns that are new, replaces the views. Never drops. */
  migrate(): Promise<readonly string[]>;
}

/** The engine could not be asked: what was asked did not run, or nobody knows whether it did. */
export class EngineAway extends Error {
  override readonly name = 'EngineAway';
}

export type TableName = (typeof TABLES)[number]['name'];

export interface TableChecksum {
  readonly rows: number;
  /** Of the rows whatever their order; what says nothing of what happened is left out. */
  readonly checksum: string;
}

/** The tables built again beside the real ones, to be compared with them and to take their place. */
export interface Beside {
  /** Over the tables beside, which are empty at first. */
  readonly engine: QueryEngine;
  /** Of a whole table; with a day, of the events in `pipeline_logs` that arrived on it. */
  checksum(of: 'real' | 'rebuilt', table: TableName, day?: string): Promise<TableChecksum>;
  /** Takes all rebuilt rows for the real ones. */
  swapAll(): Promise<void>;
  /** Takes the rebuilt events that arrived on that day for the real ones. */
  swapLogs(day: string): Promise<void>;
  /** Drops what was built. */
  close(): Promise<void>;
}

/**
 * When a line arrived and where it lies says nothing of what happened, and copies of one event differ in it.
 */
export const ARRIVAL_COLUMNS: ReadonlySet<string> = new Set(['received_at', 'arrival_hour', 'object', 'raw_payload']);

/** Files by key, as S3 has them. Keys use `/`; an existing object is replaced whole or not at all. */
export interface ObjectStore {
  put(key: string, content: string | Uint8Array): Promise<void>;
  /** Throws when there is no such object, and `Damaged` when what is there can never be read. */
  get(key: string): Promise<Uint8Array>;
  /** Objects whose key begins with the prefix, by key. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly size_bytes: number }>;
}

/** An object that is there and cannot be read: another try would read the same bytes. */
export class Damaged extends Error {
  override readonly name = 'Damaged';
}

/** One landed file of accepted lines. */
export interface LandedObject {
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

export interface ObjectRecord extends LandedObject, RunDates {
  readonly stage: Stage;
  /** How often compacting it has failed. */
  readonly failures: number;
}

/** How many objects to take at a time. */
export interface ObjectLimits {
  /** Of all together. */
  readonly maxBytes?: number;
  readonly maxObjects?: number;
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

export interface RunFilter {
  readonly process_name?: string | undefined;
  readonly environment?: string | undefined;
  readonly run_id?: string | undefined;
  /** Runs that have not ended. */
  readonly open?: boolean | undefined;
  readonly limit: number;
}

/** A live run before and after an update; `before` is undefined for a new one. */
export interface RunUpdate {
  readonly before: Run | undefined;
  readonly after: Run;
}

/** What a run is found by, computed from its view when it is stored. */
export interface RunIndex {
  readonly open: boolean;
  readonly start_time: Instant;
  /** When the clock alone changes what is said of it while it is open, earliest first: see `looks.ts`. */
  readonly looks: readonly Instant[];
}

/** Runs as they stand. */
export interface LiveRuns {
  /**
   * Updates runs one by one, each atomically: `update` is given what is stored, and what it returns is stored with its
   * index. It may be called again when another writer came between. Undefined: leave it.
   */
  updateRuns(
    runs: readonly Run[],
    update: (stored: Run | undefined, arriving: Run) => { readonly run: Run; readonly index: RunIndex } | undefined,
  ): Promise<void>;
  /** Latest start first. */
  listRuns(filter: RunFilter): Promise<readonly Run[]>;
  /**
   * Open runs of whose looks one has come that nobody has taken since, earliest first. They are given again until they
   * are marked, so that who is cut off in between loses nothing.
   */
  runsToLookAt(now: Instant, limit: number): Promise<readonly Run[]>;
  /** What was to be done about these runs at `now` is done. Looks that come after it stay. */
  markLooked(runs: readonly Run[], now: Instant): Promise<void>;
}

/** Landed objects, and how far each has come. */
export interface ObjectRecords {
  /** Records objects before they are opened; those known already are left as they are. */
  recordObjects(objects: readonly LandedObject[]): Promise<void>;
  hasObject(object: string): Promise<boolean>;
  /** Oldest first, as many as the limits allow but at least one. */
  objectsAt(stage: Stage, limits: ObjectLimits): Promise<readonly ObjectRecord[]>;
  markTracked(object: string, event_dates: readonly string[], dates: RunDates): Promise<void>;
  markCompacted(counts: readonly LineCounts[]): Promise<void>;
  markSummarized(objects: readonly string[]): Promise<void>;
  /** Counts one failure of these objects; returns the records with their new count. */
  countFailure(objects: readonly string[]): Promise<readonly ObjectRecord[]>;
  park(objects: readonly string[], why: string): Promise<void>;
  /** Lines recorded of the objects under a prefix, when they landed; parked ones, which nothing can read, aside. */
  recordedLines(prefix: string): Promise<number>;
  /** Moves objects back to 'compacted', so that their runs are derived again. */
  reopen(objects: readonly string[]): Promise<void>;
}

/** Days whose metrics have to be computed again. */
export interface DueDays {
  addDueDays(run_dates: readonly string[]): Promise<void>;
  dueDays(limit: number): Promise<readonly string[]>;
  removeDueDays(run_dates: readonly string[]): Promise<void>;
}

/** The live lane's memory: runs as they stand, and the marks of every stage. */
export interface LiveStore extends LiveRuns, ObjectRecords, DueDays {
  summary(): Promise<LiveSummary>;
  /** Forgets runs and marks, to build them again from the raw lines. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Where everything stands, in numbers. */
export interface LiveSummary {
  readonly runs: number;
  readonly open_runs: number;
  readonly objects: Readonly<Record<Stage, number>>;
  readonly lines: Omit<LineCounts, 'object'>;
  readonly due_days: number;
  readonly parked: readonly { readonly object: string; readonly why: string }[];
}

/** Where events enter: resolves once everything it accepted, and every rejection, is on disk. */
export interface EventSink {
  /**
   * Each record holds one or many NDJSON lines; the records are the sink's from then on. Throws `Busy` when too much is
   * under way; nothing was taken then.
   */
  send(records: readonly Uint8Array[]): Promise<Landed>;
}

/** Lines, counted: received = accepted + rejected. Blank lines are not counted. */
export interface Landed {
  readonly received: number;
  readonly accepted: number;
  readonly rejected: number;
}

export class Busy extends Error {
  override readonly name = 'Busy';
}

/** What a person asks in SQL: one SELECT over the ledger's own tables and views, and nothing else. */
export interface AnswerEngine {
  /** Throws `Refused` with what was expected when the text is not such a SELECT, does not run, or takes too long. */
  answer(sql: string, limits: { readonly maxRows: number; readonly timeoutMs: number }): Promise<Answer>;
}

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Instants as `…Z` text, integers beyond 2^53 as text, unknown as null. */
  readonly rows: readonly (readonly unknown[])[];
  /** There were more than `maxRows`. */
  readonly truncated: boolean;
  readonly elapsed_ms: number;
  /** What the engine read for it, where that is billed. */
  readonly scanned_bytes?: number | undefined;
}

export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Where stages say what they have done. */
export interface Bus {
  /** Throws when one could not be said; those before it may have been. */
  say(events: readonly LedgerEvent[]): Promise<void>;
}

/** What was done once and must not be done again. They outlive a rebuild: what people were told is not in the lines. */
export interface Marks {
  isSet(mark: string): Promise<boolean>;
  set(mark: string, now: Instant): Promise<void>;
  /** False when it is set, or when somebody else claimed it less than `forMs` ago and may be at it still. */
  claim(mark: string, now: Instant, forMs: number): Promise<boolean>;
}

/** One writer at a time for each name: a table of the lake, say. */
export interface WriterLease {
  /**
   * Null when somebody else holds it. The fence is higher than any before, so that what an overtaken writer left
   * behind can be told from ours. A holder who asks again gets it anew: give each invocation a name of its own.
   */
  acquire(name: string, holder: string, nowMs: number, ttlMs: number): Promise<{ readonly fence: number } | null>;
  /** False when somebody else has taken it since: stop writing. */
  renew(name: string, holder: string, fence: number, nowMs: number, ttlMs: number): Promise<boolean>;
  /** Gives it back; does nothing when somebody else has taken it since. */
  release(name: string, holder: string, fence: number): Promise<void>;
}

/** What became of a notice on one channel: the receipt. `why` says what was expected, what came, what to do. */
export type Delivery =
  | { readonly channel: string; readonly delivered: true; readonly message_id: string }
  | { readonly channel: string; readonly delivered: false; readonly why: string };

export interface Notifier {
  /** Tells every channel, and says of each how it went: a channel that fails never keeps a notice from the others. */
  notify(notice: Notice): Promise<readonly Delivery[]>;
}
