import { backoffMs } from './backoff.ts';
import type { RunIdentity } from './event.ts';
import { type BufferLimits, EventBuffer, type Line } from './event-buffer.ts';
import { MAX_RECORD_BYTES } from './line.ts';
import { packCall } from './pack.ts';
import type { Runtime } from './runtime.ts';
import { type CallOutcome, sendCall } from './send-call.ts';
import type { Transport } from './transport.ts';
import type { Complain } from './wire-value.ts';

export interface DeliverySettings {
  readonly transport: Transport;
  readonly limits: BufferLimits;
  readonly flushIntervalMs: number;
  readonly complain: Complain;
  /** Called with the number of dropped events once sending works again; `run` is the run of the last of them. */
  readonly reportDrops: (count: number, run: RunIdentity) => void;
  readonly runtime: Runtime;
}

export interface DeliveryStats {
  readonly sent: number;
  readonly dropped: number;
  readonly pending: number;
  readonly failures: number;
}

/** The longest pause between two tries of its own. The ledger may ask for longer ones, up to MAX_RETRY_AFTER_MS. */
const MAX_PAUSE_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Delivers lines to the transport, in order and one call at a time: one interval after the first line, or at once when a
 * record is full. After a temporary failure it sends the lines again, with growing pauses.
 */
export class Delivery {
  readonly #settings: DeliverySettings;
  readonly #buffer: EventBuffer;
  readonly #giveUp = new AbortController();
  #sent = 0;
  #dropped = 0;
  #failures = 0;
  #failuresInARow = 0;
  #notBeforeMs = 0;
  /** The last flush timed out, and nothing has been sent since. */
  #hangs = false;
  #inFlight: readonly Line[] = [];
  #sending: Promise<void> | undefined;
  #timer: { readonly cancel: () => void; readonly isForFullRecord: boolean } | undefined;
  #unreported: { count: number; run: RunIdentity } | undefined;
  #closing: Promise<void> | undefined;

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
    this.#buffer = new EventBuffer(settings.limits);
  }

  stats(): DeliveryStats {
    return { sent: this.#sent, dropped: this.#dropped, pending: this.#buffer.events, failures: this.#failures };
  }

  push(line: Line): void {
    if (this.#closing) {
      this.drop([line.run], 'the ledger is closed');
      return;
    }
    const dropped = this.#buffer.push(line);
    if (dropped.length > 0) this.drop(runsOf(dropped), `the buffer is full with ${this.#buffer.events} events`);
    this.#schedule();
  }

  /** Counts dropped events, one for each run named. Complains once, and again only after sending has worked. */
  drop(runs: readonly RunIdentity[], reason: string): void {
    const run = runs.at(-1);
    if (!run) return;
    this.#dropped += runs.length;
    if (!this.#unreported) this.#settings.complain(new Error(`Events are being dropped: ${reason}`));
    this.#unreported = { run, count: (this.#unreported?.count ?? 0) + runs.length };
  }

  /**
   * Sends all buffered lines. Settles when they are sent, when the transport fails, or after `timeoutMs`; never rejects.
   * `unlessAway` returns at once while the transport is known to fail or hang, so that not every run waits for it.
   */
  async flush(timeoutMs: number, { unlessAway = false } = {}): Promise<void> {
    if (this.#closing) return this.#closing;
    if (unlessAway && (this.#hangs || this.#settings.runtime.elapsed() < this.#notBeforeMs)) return;
    this.#hangs = !(await this.#within(timeoutMs, this.#drain()));
  }

  /** Flushes once more, then drops the rest and every later event. Never rejects. */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#closeNow(timeoutMs);
    return this.#closing;
  }

  async #closeNow(timeoutMs: number): Promise<void> {
    await this.#within(timeoutMs, this.#drain());
    this.#giveUp.abort();
    this.#timer?.cancel();
    const left = [...this.#inFlight, ...this.#buffer.take(this.#buffer.events)];
    this.#buffer.release(left);
    if (left.length === 0) return;
    this.#unreported = undefined;
    this.drop(runsOf(left), `${left.length} could not be sent before the ledger was closed`);
  }

  /** Sends until the buffer is empty or a call fails. Concurrent callers wait for the same pass. */
  #drain(): Promise<void> {
    this.#sending ??= this.#drainNow();
    return this.#sending;
  }

  async #drainNow(): Promise<void> {
    // Yields first: packing must not delay the host's call, and a pass that ends at once would end before `#sending` is set.
    await Promise.resolve();
    this.#timer?.cancel();
    this.#timer = undefined;
    const { transport, runtime } = this.#settings;
    for (let goOn = true; goOn; ) {
      const records = packCall(this.#buffer);
      if (records.length === 0) break;
      this.#inFlight = this.#buffer.take(records.reduce((count, record) => count + record.lines.length, 0));
      const outcome = await sendCall(records, transport, this.#giveUp.signal, runtime);
      // `close` has counted the lines in flight as dropped.
      if (this.#giveUp.signal.aborted) break;
      goOn = this.#record(outcome);
    }
    this.#sending = undefined;
    this.#schedule();
  }

  /** Records the outcome of the lines in flight. Returns whether to send the next call now. */
  #record(outcome: CallOutcome): boolean {
    const { complain, reportDrops } = this.#settings;
    const lines = this.#inFlight;
    const unsent = outcome.kind === 'sent' ? [] : outcome.unsent;
    const kept = new Set(outcome.kind === 'failed' && outcome.retryable ? unsent : []);
    this.#inFlight = [];
    this.#sent += lines.length - unsent.length;
    this.#buffer.release(lines.filter((line) => !kept.has(line)));
    this.#buffer.restore([...kept]);
    if (outcome.kind === 'failed') {
      this.#failures++;
      complain(outcome.error);
      if (outcome.retryable) this.#pause(outcome.retryAfterMs);
      else this.drop(runsOf(unsent), outcome.error.message);
      return !outcome.retryable;
    }
    this.#failuresInARow = 0;
    this.#hangs = false;
    this.#notBeforeMs = 0;
    if (outcome.rejected > 0) complain(new Error(`The ledger rejected ${outcome.rejected} of ${lines.length} events`));
    const unreported = this.#unreported;
    this.#unreported = undefined;
    if (unreported) reportDrops(unreported.count, unreported.run);
    return true;
  }

  #pause(retryAfterMs: number): void {
    const { runtime, flushIntervalMs } = this.#settings;
    this.#failuresInARow++;
    const ownMs = backoffMs(this.#failuresInARow, flushIntervalMs, MAX_PAUSE_MS, runtime);
    this.#notBeforeMs =
      runtime.elapsed() + Math.max(flushIntervalMs, ownMs, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
  }

  #schedule(): void {
    if (this.#closing || this.#sending || this.#buffer.isEmpty) return;
    const { runtime, flushIntervalMs } = this.#settings;
    const pauseMs = this.#notBeforeMs - runtime.elapsed();
    const isForFullRecord = pauseMs <= 0 && this.#buffer.bytes >= MAX_RECORD_BYTES;
    if (this.#timer && (this.#timer.isForFullRecord || !isForFullRecord)) return;
    this.#timer?.cancel();
    const delayMs = isForFullRecord ? 0 : Math.max(pauseMs, flushIntervalMs);
    this.#timer = { cancel: runtime.after(delayMs, () => void this.#drain()), isForFullRecord };
  }

  /** Returns whether the work was done in time. */
  #within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#settings.runtime.after(timeoutMs, () => resolve(false), { keepAlive: true });
      void work.then(() => {
        cancel();
        resolve(true);
      });
    });
  }
}

const runsOf = (lines: readonly Line[]): readonly RunIdentity[] => lines.map((line) => line.run);
