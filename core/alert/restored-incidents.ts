/** What came back from the log of incidents. */
export interface RestoredIncidents {
  readonly incidents: number;
  readonly receipts: number;
}
