import { Drops, NO_RUN } from './drops.ts';
import type { RunIdentity } from './event.ts';
import { type BufferLimits, EventBuffer, type Line } from './event-buffer.ts';
import { keepLines } from './keep-lines.ts';
import { MAX_RECORD_BYTES } from './line.ts';
import { countIn, MAX_CALL_BYTES, type PackedRecord, packCall } from './pack.ts';
import { Pauses } from './pauses.ts';
import type { Runtime } from './runtime.ts';
import { bodiesOf, type CallOutcome, sendCall } from './send-call.ts';
import type { Claimed, Spool } from './spool.ts';
import type { Transport } from './transport.ts';
import type { Complain } from './wire-value.ts';

export interface DeliverySettings {
  readonly transport: Transport;
  /** Undefined: what cannot be sent waits in memory. */
  readonly spool?: Spool | undefined;
  readonly limits: BufferLimits;
  readonly flushIntervalMs: number;
  readonly complain: Complain;
  /** Called with the number of dropped events once sending works again; `run` is the run of the last of them. */
  readonly reportDrops: (count: number, run: RunIdentity) => void;
  readonly runtime: Runtime;
}

export interface DeliveryStats {
  readonly sent: number;
  readonly spooled: number;
  readonly dropped: number;
  readonly pending: number;
  readonly failures: number;
}

export interface FlushMode {
  /** Returns at once while the transport is known to fail or hang, so that not every run waits for it. */
  readonly unlessAway?: boolean;
  /** Also sends what the spool has from before. */
  readonly andSpool?: boolean;
}

/**
 * Delivers lines to the transport, in order and one call at a time: one interval after the first line, or at once when a
 * record is full. After a temporary failure lines wait in the spool, or in memory where there is none, and are sent
 * again, with growing pauses.
 */
export class Delivery {
  readonly #settings: DeliverySettings;
  readonly #buffer: EventBuffer;
  readonly #drops: Drops;
  readonly #pauses: Pauses;
  readonly #giveUp = new AbortController();
  #sent = 0;
  #spooled = 0;
  #failures = 0;
  /** The last flush timed out, and nothing has been sent since. */
  #hangs = false;
  #inFlight: readonly Line[] = [];
  #claimed: Claimed | undefined;
  #sending: Promise<void> | undefined;
  /** The pass under way was begun early, because a record is full: lines that fill none wait for others. */
  #onlyFull = false;
  #sendingFile: Promise<boolean> | undefined;
  /** The spool may have files: looked for at start, and after every success that follows a failure. */
  #looksIntoSpool: boolean;
  #timer: { readonly cancel: () => void; readonly dueMs: number } | undefined;
  #closing: Promise<void> | undefined;
  #isClosed = false;

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
    this.#buffer = new EventBuffer(settings.limits);
    this.#drops = new Drops(settings.complain);
    this.#pauses = new Pauses(settings.runtime, settings.flushIntervalMs);
    this.#looksIntoSpool = settings.spool !== undefined;
  }

  get spool(): Spool | undefined {
    return this.#settings.spool;
  }

  stats(): DeliveryStats {
    return {
      sent: this.#sent,
      spooled: this.#spooled,
      dropped: this.#drops.count,
      pending: this.#buffer.events,
      failures: this.#failures,
    };
  }

  /** Nothing waits to be sent, neither in memory nor in the spool as far as known. */
  get isIdle(): boolean {
    return this.#buffer.events === 0 && (this.#isClosed || !this.#looksIntoSpool);
  }

  push(line: Line): void {
    if (this.#closing || this.#isClosed) {
      this.#drops.add(1, line.run, 'the ledger is closed');
      return;
    }
    while (this.#settings.spool && !this.#buffer.isEmpty && !this.#buffer.hasRoomFor(line)) {
      if (!this.#spoolCall()) break;
    }
    const dropped = this.#buffer.push(line);
    this.#drops.add(dropped.length, dropped.at(-1)?.run, `the buffer is full with ${this.#buffer.events} events`);
    this.#schedule();
  }

  /** Counts an event that cannot even be sent. */
  drop(count: number, run: RunIdentity, reason: string): void {
    this.#drops.add(count, run, reason);
  }

  /**
   * Sends all buffered lines. Settles when they are sent or spooled, when the transport fails, or after `timeoutMs`;
   * never rejects.
   */
  async flush(timeoutMs: number, { unlessAway, andSpool }: FlushMode = {}): Promise<void> {
    if (this.#closing) return this.#closing;
    if (unlessAway && (this.#hangs || (this.#pauses.isAway && !this.#settings.spool))) return;
    const endMs = this.#settings.runtime.elapsed() + timeoutMs;
    this.#hangs = !(await this.#within(timeoutMs, this.#drain()));
    const leftMs = Math.max(0, endMs - this.#settings.runtime.elapsed());
    if (andSpool && !this.#hangs) await this.#within(leftMs, this.#sendSpool());
  }

  /** Flushes once more, and what the spool has from before; then spools the rest, or drops it. Never rejects. */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#closeInTime(timeoutMs);
    return this.#closing;
  }

  async #closeInTime(timeoutMs: number): Promise<void> {
    const work = this.#drain().then(() => this.#sendSpool());
    await this.#within(timeoutMs, work);
    this.closeNow(0);
  }

  /**
   * For a process that ends at once: sends what a transport can send without waiting for the event loop, within
   * `timeoutMs`, and spools or drops the rest and every later event.
   */
  closeNow(timeoutMs: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#giveUp.abort();
    this.#timer?.cancel();
    const { spool, transport, runtime } = this.#settings;
    if (this.#claimed) spool?.giveBack(this.#claimed);
    // Sent twice, if the call under way should succeed: the ledger drops duplicates.
    let left: readonly Line[] = [...this.#inFlight, ...this.#buffer.take(this.#buffer.events)];
    this.#buffer.release(left);
    const endMs = runtime.elapsed() + timeoutMs;
    while (timeoutMs > 0 && left.length > 0 && transport.sendSync && !this.#pauses.isAway && !this.#hangs) {
      const records = packCall(left);
      const count = countIn(records);
      const leftMs = endMs - runtime.elapsed();
      if (leftMs <= 0 || !this.#tellsSync(() => transport.sendSync?.(bodiesOf(records), leftMs))) break;
      this.#sent += count;
      left = left.slice(count);
    }
    if (left.length === 0 || this.#keep(left)) return;
    this.#drops.takeUntold();
    this.#drops.add(left.length, left.at(-1)?.run, `${left.length} could not be sent before the ledger was closed`);
  }

  /** Sends until the buffer is empty or a call fails. Concurrent callers wait for the same pass. */
  #drain(onlyFull = false): Promise<void> {
    this.#onlyFull = onlyFull && (this.#onlyFull || !this.#sending);
    this.#sending ??= this.#drainNow();
    return this.#sending;
  }

  async #drainNow(): Promise<void> {
    // Yields first: packing must not delay the host's call, and a pass that ends at once would end before `#sending` is set.
    await Promise.resolve();
    // One call at a time.
    await this.#sendingFile;
    this.#timer?.cancel();
    this.#timer = undefined;
    for (let goOn = true; goOn && !this.#isClosed; ) {
      if (this.#settings.spool && this.#pauses.isAway && !this.#buffer.isEmpty) {
        goOn = this.#spoolCall();
        continue;
      }
      const records = this.#nextCall();
      if (records.length === 0) break;
      this.#inFlight = this.#buffer.take(countIn(records));
      const outcome = await sendCall(records, this.#settings.transport, this.#giveUp.signal, this.#settings.runtime);
      // `closeNow` has counted the lines in flight.
      if (this.#isClosed) break;
      const lines = this.#inFlight;
      this.#inFlight = [];
      goOn = this.#record(lines, outcome);
    }
    this.#sending = undefined;
    if (!this.#closing) this.#goOnWithSpool();
  }

  #nextCall(): readonly PackedRecord<Line>[] {
    const records = packCall(this.#buffer);
    const isOpen = countIn(records) === this.#buffer.waiting && (records.at(-1)?.sizeBytes ?? 0) < MAX_RECORD_BYTES;
    return this.#onlyFull && isOpen ? records.slice(0, -1) : records;
  }

  #goOnWithSpool(): void {
    void this.#sendFile().then((goOn) => {
      // A timer that keeps nothing alive: a process that has nothing else to do ends between two files.
      if (goOn) this.#settings.runtime.after(0, () => void this.#drain());
      else this.#schedule();
    });
  }

  async #sendSpool(): Promise<void> {
    for (let goOn = true; goOn; ) {
      // A pass that sends what came meanwhile does not mean that the spool is empty.
      await this.#sending;
      goOn = await this.#sendFile();
    }
  }

  #sendFile(): Promise<boolean> {
    this.#sendingFile ??= this.#sendFileNow().finally(() => {
      this.#sendingFile = undefined;
    });
    return this.#sendingFile;
  }

  /** Sends the oldest files of the spool, as many as one call takes. Returns whether to send the next one now. */
  async #sendFileNow(): Promise<boolean> {
    const { spool, transport, runtime } = this.#settings;
    if (!spool || !this.#looksIntoSpool || this.#pauses.isAway || this.#sending || this.#isClosed) return false;
    const claimed = spool.claim(MAX_CALL_BYTES);
    this.#claimed = claimed;
    this.#looksIntoSpool = claimed !== undefined;
    if (!claimed) return false;
    const records = packCall(claimed.lines.map((bytes) => ({ bytes, run: NO_RUN })));
    const outcome = await sendCall(records, transport, this.#giveUp.signal, runtime);
    // `closeNow` has given the file back.
    if (this.#isClosed) return false;
    this.#claimed = undefined;
    return this.#recordFile(claimed, outcome);
  }

  #recordFile(claimed: Claimed, outcome: CallOutcome): boolean {
    const { spool } = this.#settings;
    const unsent = outcome.kind === 'failed' ? outcome.unsent.length : 0;
    if (outcome.kind === 'sent') this.#worked(outcome.rejected, claimed.lines.length);
    else if (this.#failed(outcome)) {
      spool?.giveBack(claimed);
      return false;
    } else this.#drops.add(unsent, NO_RUN, outcome.error.message);
    spool?.sent(claimed);
    this.#sent += claimed.lines.length - unsent;
    return true;
  }

  /** Records the outcome of a call. Returns whether to send the next one now. */
  #record(lines: readonly Line[], outcome: CallOutcome): boolean {
    const unsent = outcome.kind === 'failed' ? outcome.unsent : [];
    const isUnsent = new Set(unsent);
    this.#sent += lines.length - unsent.length;
    this.#buffer.release(lines.filter((line) => !isUnsent.has(line)));
    if (outcome.kind === 'sent') {
      this.#worked(outcome.rejected, lines.length);
      return true;
    }
    const mayPass = this.#failed(outcome);
    if (mayPass && !this.#keep(unsent)) {
      this.#buffer.restore(unsent);
      return false;
    }
    this.#buffer.release(unsent);
    if (!mayPass) this.#drops.add(unsent.length, unsent.at(-1)?.run, outcome.error.message);
    // While the transport is away, what waits behind them goes to the spool too.
    return true;
  }

  /** Returns whether sending the same again can help. */
  #failed({ error, retryable, retryAfterMs }: Extract<CallOutcome, { kind: 'failed' }>): boolean {
    this.#failures++;
    this.#settings.complain(error);
    if (retryable) this.#pauses.failed(retryAfterMs);
    return retryable;
  }

  #worked(rejected: number, count: number): void {
    const { complain, reportDrops } = this.#settings;
    this.#pauses.worked();
    this.#hangs = false;
    if (rejected > 0) complain(new Error(`The ledger rejected ${rejected} of ${count} events`));
    const untold = this.#drops.takeUntold();
    if (untold) reportDrops(untold.count, untold.run);
  }

  /** Moves the oldest lines of one call from memory to the spool. Returns whether that worked. */
  #spoolCall(): boolean {
    const lines = this.#buffer.take(countIn(packCall(this.#buffer)));
    const isKept = this.#keep(lines);
    if (isKept) this.#buffer.release(lines);
    else this.#buffer.restore(lines);
    return isKept;
  }

  /** Writes lines to the spool. Returns whether all of them are there. */
  #keep(lines: readonly Line[]): boolean {
    const { spool, complain } = this.#settings;
    if (!spool) return false;
    const { kept, deleted, error } = keepLines(lines, spool);
    this.#spooled += kept;
    this.#looksIntoSpool ||= kept > 0;
    this.#drops.add(deleted, lines.at(-1)?.run, 'the spool is full; its oldest events were deleted');
    if (error) complain(error);
    // Those that were kept, if another was not, are sent twice.
    return error === undefined;
  }

  #tellsSync(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#failures++;
      this.#settings.complain(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  #schedule(): void {
    if (this.#closing || this.#isClosed || this.#sending) return;
    const { runtime, flushIntervalMs, spool } = this.#settings;
    const pauseMs = this.#pauses.leftMs;
    const asksAgain = this.#looksIntoSpool && this.#pauses.hasFailed;
    if (this.#buffer.isEmpty && !asksAgain) return;
    const isFull = pauseMs <= 0 && this.#buffer.bytes >= MAX_RECORD_BYTES;
    // While the transport is away, lines go to the spool when they would have been sent.
    const waitsForPause = this.#buffer.isEmpty || !spool;
    const delayMs = isFull ? 0 : waitsForPause ? Math.max(pauseMs, flushIntervalMs) : flushIntervalMs;
    const dueMs = runtime.elapsed() + delayMs;
    if (this.#timer && this.#timer.dueMs <= dueMs) return;
    this.#timer?.cancel();
    this.#timer = { cancel: runtime.after(delayMs, () => void this.#drain(isFull)), dueMs };
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
