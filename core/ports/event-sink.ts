/** Where events enter: resolves once everything it accepted, and every rejection, is on disk. */
export interface EventSink {
  /**
   * Each record holds one or many NDJSON lines; the records are the sink's from then on. Throws `OverloadedError` when too much is
   * under way; nothing was taken then.
   */
  send(records: readonly Uint8Array[]): Promise<IngestCounts>;
}

/** Lines, counted: received = accepted + rejected. Blank lines are not counted. */
export interface IngestCounts {
  readonly received: number;
  readonly accepted: number;
  readonly rejected: number;
}

export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}
