import type { Dismissal } from '../core/accept/rejection.ts';
import type { Forgetting, ParkedObject, RetriedObjects } from '../core/objects/parked-object.ts';
import type { RawFindings } from '../core/objects/raw-findings.ts';
import type { Answer } from '../core/ports/answer-engine.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { OpenRuns, RunFilter, RunsFilter } from '../core/ports/live-runs.ts';
import type { LiveSummary } from '../core/ports/live-store.ts';
import type { RebuildOptions, RebuildReport } from '../core/rebuild-report.ts';
import type { ShownRun, ShownRunDetail } from '../core/run/shown-run.ts';
import type { LedgerAlerts } from './alerts.ts';
import type { LedgerRecovery } from './recovery.ts';
import type { Trouble } from './trouble.ts';

/**
 * What a ledger does for people, wherever it is. It has three forms: `local/ledger.ts` opens a folder in this process,
 * `adapters/http/client.ts` asks a ledger that another process serves, and `aws/ledger.ts` asks one in an AWS account.
 */
export interface LedgerApi extends EventSink {
  /** What is expected, what is wrong, and what people decide about it. */
  readonly alerts: LedgerAlerts;
  /** What is done about runs that failed, or that a person wants to run again. */
  readonly recovery: LedgerRecovery;
  /** Runs as they stand now, the latest start first; at most `limit`. */
  runs(filter: RunsFilter): Promise<readonly ShownRun[]>;
  /** Every run of that id, ten at most; empty when there is none. */
  show(filter: OneRun): Promise<readonly ShownRunDetail[]>;
  /**
   * Answers one SELECT over the tables and views. A ledger of a folder brings them up to date first. Throws
   * `QueryRejectedError` when the text is no such SELECT, does not run, or takes too long: 10 s, on AWS 30 min, unless
   * `timeoutMs` says otherwise.
   */
  query(sql: string, options?: { readonly timeoutMs?: number | undefined }): Promise<Answer>;
  /** Dismisses rejected lines: `rejections` lists them no more unless it is asked for all. */
  dismiss(dismissal: Dismissal): Promise<void>;
  /** Objects that could not be taken in, and why. */
  parkedObjects(): Promise<readonly ParkedObject[]>;
  /** Takes parked objects in again, as if they had never failed. Others are passed over. */
  retryObjects(objects: readonly string[]): Promise<RetriedObjects>;
  /** Does without parked objects, for good and after a rebuild too. Others are passed over. Returns those forgotten now. */
  forgetObjects(forgetting: Forgetting): Promise<readonly string[]>;
  /** Builds the tables again from the raw lines and compares. Throws, and changes nothing, when raw lines are missing. */
  rebuild(options: RebuildOptions): Promise<RebuildReport>;
  /** Lets go of what the ledger holds; a second call is not allowed. */
  close(): Promise<void>;
}

/** Which run: its id, and where several have that id also its pipeline and its environment. */
export type OneRun = Omit<RunFilter, 'limit'> & { readonly run_id: string };

/** What a served ledger may have beyond what every ledger has. */
export type MayHave = Partial<Pick<FolderLedger, 'recovery' | 'summary' | 'settle' | 'inspect'>>;

/** A ledger of a folder, in this process or served by another. Its stages run beside it, so it can wait for them. */
export interface FolderLedger extends LedgerApi {
  summary(): Promise<LedgerSummary>;
  /** Takes everything acknowledged so far into the tables. */
  settle(): Promise<void>;
  /** Looks at what lies on the disk, and whether lines can be landed. Changes nothing. */
  inspect(): Promise<Inspection>;
}

/** What a look at a ledger of a folder found. */
export interface Inspection {
  /** The raw files against the records of them. */
  readonly raw: RawFindings;
  /** Whether lines can be landed. */
  readonly lands: boolean;
}

/** Where a ledger of a folder stands. */
export interface LedgerSummary extends LiveSummary, OpenRuns {
  /** Null: nobody counts them. */
  readonly runs: number | null;
  /** What keeps it from its work at the moment. Nothing that it acknowledged is lost by it. */
  readonly troubles: readonly Trouble[];
  /** Of the program that holds the folder. */
  readonly version: string;
  /** The folder, absolute, on the machine of that program. */
  readonly data_dir: string;
}
