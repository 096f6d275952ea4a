import type { ShownRun, ShownRunDetail } from '../core/flows/answer.ts';
import type { Answer, EventSink, LiveSummary, RunFilter } from '../core/ports.ts';

/** What a ledger does for people, in the process that owns the folder or over HTTP. The CLI knows only this. */
export interface LedgerApi extends EventSink {
  runs(filter: RunFilter): Promise<readonly ShownRun[]>;
  /** Every run of that id; none when there is none. */
  show(filter: Omit<RunFilter, 'limit'> & { readonly run_id: string }): Promise<readonly ShownRunDetail[]>;
  /** One SELECT over the tables and views; brings them up to date first. Throws `Refused`. */
  query(sql: string): Promise<Answer>;
  summary(): Promise<LedgerSummary>;
  rebuild(options: RebuildOptions): Promise<RebuildReport>;
  /** Takes everything acknowledged so far into the tables. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerSummary extends LiveSummary {
  readonly version: string;
  readonly data_dir: string;
}

export interface RebuildOptions {
  /** Arrival day, `YYYY-MM-DD`; none: everything. */
  readonly day?: string | undefined;
  /** Compare only; change nothing. */
  readonly verify: boolean;
}

export interface RebuildReport {
  readonly objects: number;
  readonly lines: number;
  readonly identical: boolean;
  readonly swapped: boolean;
  readonly tables: readonly TableComparison[];
}

export interface TableComparison {
  readonly table: string;
  readonly rows: number;
  readonly rebuilt_rows: number;
  readonly checksum: string;
  readonly rebuilt_checksum: string;
}
