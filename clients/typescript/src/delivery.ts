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
  /** Tells of drops once something could be sent again; `run` is the one that lost the last event. */
  readonly reportDrops: (count: number, run: RunIdentity) => void;
  readonly runtime: Runtime;
}

/** However long an outage lasts, the ledger is looked for this often; it may ask for longer pauses, up to a bound. */
const MAX_PAUSE_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Takes lines to the transport, in order and one call at a time: an interval after the first one came, or at once when a
 * record is full. After a failure that may pass they wait and are sent again, with growing pauses.
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
  /** Somebody waited in vain, and nothing has been sent since. */
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

  stats(): { readonly sent: number; readonly dropped: number; readonly pending: number; readonly failures: number } {
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

  /** Counts events that will never be sent, one for each run named. Told to the host once until something is sent again. */
  drop(runs: readonly RunIdentity[], reason: string): void {
    const run = runs.at(-1);
    if (!run) return;
    this.#dropped += runs.length;
    if (!this.#unreported) this.#settings.complain(new Error(`Events are being dropped: ${reason}`));
    this.#unreported = { run, count: (this.#unreported?.count ?? 0) + runs.length };
  }

  /**
   * Sends what there is. Settles when it is sent, when the transport has failed, or after `timeoutMs`; never rejects.
   * `unlessAway`: returns at once while the transport is known to fail or to hang, so that not every run pays for that.
   */
  async flush(timeoutMs: number, { unlessAway = false } = {}): Promise<void> {
    if (this.#closing) return this.#closing;
    if (unlessAway && (this.#hangs || this.#settings.runtime.elapsed() < this.#notBeforeMs)) return;
    this.#hangs = !(await this.#within(timeoutMs, this.#drain()));
  }

  /** Flushes once more; what is left then is dropped, and so is all that comes later. Never rejects. */
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

  /** One at a time: whoever asks meanwhile waits for the same. It ends when nothing is left, or at a failure. */
  #drain(): Promise<void> {
    this.#sending ??= this.#drainNow();
    return this.#sending;
  }

  async #drainNow(): Promise<void> {
    // Packing is not done on the time of the host's call; and what ends at once would end before `#sending` is set.
    await Promise.resolve();
    this.#timer?.cancel();
    this.#timer = undefined;
    const { transport, runtime } = this.#settings;
    for (let goOn = true; goOn; ) {
      const records = packCall(this.#buffer);
      if (records.length === 0) break;
      this.#inFlight = this.#buffer.take(records.reduce((count, record) => count + record.lines.length, 0));
      const outcome = await sendCall(records, transport, this.#giveUp.signal, runtime);
      // Closed meanwhile: what was in flight has been counted as dropped.
      if (this.#giveUp.signal.aborted) break;
      goOn = this.#settle(outcome);
    }
    this.#sending = undefined;
    this.#schedule();
  }

  /** Counts what became of the lines in flight. Returns whether it makes sense to go on now. */
  #settle(outcome: CallOutcome): boolean {
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

  /** Whether the work was done in time. */
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
