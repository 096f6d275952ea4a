/** Where events enter the ledger. */
export interface EventSink {
  /**
   * Takes NDJSON: each record holds one or many whole lines, the last of them with or without a newline. The sink owns
   * the records from then on: do not change them. Resolves once everything, rejections included, is kept for good.
   *
   * Throws `OverloadedError` when too much is under way; nothing was taken then, send it again later. After any other
   * error a part may have been taken: sending everything again is safe, because equal lines are one event.
   */
  send(records: readonly Uint8Array[]): Promise<Taken>;
}

/** What a sink took. */
export interface Taken extends IngestCounts {
  /** Why lines were rejected, the first `MAX_REASONS` of them; a sink that reads the lines later knows none. */
  readonly reasons?: readonly LineReason[];
}

/** Why one line was rejected. */
export interface LineReason {
  /** Its place among the lines that were sent together, blank ones included, from 1. */
  readonly line: number;
  readonly kind: string;
  /** What was expected, what accept got, what to do. */
  readonly explanation: string;
}

export const MAX_REASONS = 10;

/** Lines, counted: received = accepted + rejected. Blank lines are not counted. */
export interface IngestCounts {
  readonly received: number;
  /** Kept as events, or, by a sink that reads the lines later, taken. */
  readonly accepted: number;
  /** Kept as rejections, with their reasons. */
  readonly rejected: number;
}

/** The sink is busy, and took nothing. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}

/** A line is longer than the sink can carry; it took nothing. */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
}
