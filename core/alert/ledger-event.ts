import type { IncidentData } from './incident-data.ts';

/** The `detail-type`s that the ledger publishes on its bus, with the source `runledger`. docs/operations.md lists them. */
export const LEDGER_EVENT_TYPES = [
  'Incident Opened',
  'Incident Upgraded',
  'Incident Acknowledged',
  'Incident Resolved',
  'Run Started',
  'Run Succeeded',
  'Notices Waiting',
  'Recoveries Waiting',
  'Runs Silent',
  'Events Compacted',
  'Runs Summarized',
  'Metrics Aggregated',
] as const;
export type LedgerEventType = (typeof LEDGER_EVENT_TYPES)[number];

/** One event on the bus, with its `detail`. */
export type LedgerEvent = { readonly [Type in LedgerEventType]: LedgerEventOf<Type> }[LedgerEventType];

interface LedgerEventOf<Type extends LedgerEventType> {
  readonly type: Type;
  readonly detail: Details[Type];
}

interface Details {
  readonly 'Incident Opened': IncidentData;
  readonly 'Incident Upgraded': IncidentData;
  readonly 'Incident Acknowledged': IncidentData;
  readonly 'Incident Resolved': IncidentData;
  /** Where the file asks for it: as of an incident that is over. */
  readonly 'Run Started': IncidentData;
  readonly 'Run Succeeded': IncidentData;
  /** Which ones is known by the store of incidents. */
  readonly 'Notices Waiting': Readonly<Record<string, never>>;
  /** Decisions about failed runs are to be carried out, or told. Which ones is known by the store of recoveries. */
  readonly 'Recoveries Waiting': Readonly<Record<string, never>>;
  readonly 'Runs Silent': { readonly runs: number };
  readonly 'Events Compacted': { readonly objects: number; readonly inserted: number };
  readonly 'Runs Summarized': { readonly objects: number };
  readonly 'Metrics Aggregated': { readonly run_dates: readonly string[] };
}
