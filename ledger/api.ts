import type { Answer } from '../core/ports/answer-engine.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { RunFilter } from '../core/ports/live-runs.ts';
import type { LiveSummary } from '../core/ports/live-store.ts';
import type { ShownRun, ShownRunDetail } from '../flows/answer.ts';
import type { RebuildOptions, RebuildReport } from '../flows/rebuild.ts';

/** What a ledger does for people, in the process that owns the folder or over HTTP. The CLI knows only this. */
export interface LedgerApi extends EventSink {
  runs(filter: RunFilter): Promise<readonly ShownRun[]>;
  /** Every run of that id; none when there is none. */
  show(filter: Omit<RunFilter, 'limit'> & { readonly run_id: string }): Promise<readonly ShownRunDetail[]>;
  /** One SELECT over the tables and views; brings them up to date first. Throws `QueryRejectedError`. */
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
