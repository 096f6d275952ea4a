import type { Alert } from './alert.ts';

/** What the ledger says on its bus: `detail-type` is the word. Others may listen; docs/operations.md lists them. */
export type LedgerEvent =
  | { readonly word: 'Run Failed' | 'Run Late'; readonly detail: Alert }
  | { readonly word: 'Runs Silent'; readonly detail: { readonly runs: number } }
  | { readonly word: 'Events Compacted'; readonly detail: { readonly objects: number; readonly inserted: number } }
  | { readonly word: 'Runs Summarized'; readonly detail: { readonly objects: number } }
  | { readonly word: 'Metrics Aggregated'; readonly detail: { readonly run_dates: readonly string[] } };
