/**
 * Carries packed events to a ledger. Write your own to send them elsewhere.
 *
 * A record is NDJSON in UTF-8: one event or more, each ending with a line feed, at most 1,024,000 bytes. One call holds
 * at most 500 records and 4 MiB. Calls come one after the other.
 */
export interface Transport {
  /**
   * Where events go, without secrets: `http://127.0.0.1:4319/events`. What could not be sent there waits in a folder of
   * its own; without a name there is no such folder.
   */
  readonly name?: string | undefined;
  /**
   * Resolves when the ledger has taken the records, and rejects when it has not. A `TransportError` says whether sending
   * the same records again can help; any other error counts as temporary. When `signal` is aborted, the client no longer
   * waits for the result.
   */
  send(records: readonly Uint8Array[], signal: AbortSignal): Promise<Receipt | undefined>;
  /**
   * Sends before it returns, within `timeout_ms`, and throws when the records were not taken. Called when the process
   * ends at once (`process.exit`, an error that nobody handles): nothing asynchronous happens any more.
   */
  sendSync?(records: readonly Uint8Array[], timeout_ms: number): void;
}

export interface Receipt {
  /** How many events the ledger rejected. It keeps them with the reason. */
  readonly rejected?: number | undefined;
}

export interface TransportErrorOptions {
  /** Sending again can help. The events stay in memory and are sent again later; otherwise they are dropped. */
  readonly retryable: boolean;
  /** The indexes of the records that were not taken. Default: all of them. */
  readonly unsent?: readonly number[] | undefined;
  /** How long the other side asked not to be called, in milliseconds. */
  readonly retry_after_ms?: number | undefined;
  readonly cause?: unknown;
}

export class TransportError extends Error {
  readonly retryable: boolean;
  readonly unsent: readonly number[] | undefined;
  readonly retry_after_ms: number | undefined;

  constructor(message: string, options: TransportErrorOptions) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'TransportError';
    this.retryable = options.retryable;
    this.unsent = options.unsent;
    this.retry_after_ms = options.retry_after_ms;
  }
}
