import type { PipelineKey } from '../core/ports/pipeline-watches.ts';

/** Which run, as its key says. */
export interface ChangedRun {
  readonly environment: string;
  readonly process_name: string;
  readonly run_id: string;
}

/** Something that is shown has changed: what it is now, whoever wants to know asks. */
export type LedgerChange =
  | { readonly kind: 'runs'; readonly runs: readonly ChangedRun[] }
  /** Incidents of these pipelines. */
  | { readonly kind: 'incidents'; readonly pipelines: readonly PipelineKey[] };

/** What changes in a ledger that this process has open, as it changes. */
export interface LedgerChanges {
  /** Calls the listener with each change from then on, until the function that it returns is called. It must not throw. */
  watchChanges(listener: (change: LedgerChange) => void): () => void;
}
