import { Delivery, type DeliveryStats, type FlushMode } from './delivery.ts';
import { describeRun } from './describe-run.ts';
import type { Mortal } from './dying.ts';
import type { Event, EventBody, RunIdentity } from './event.ts';
import { type ParentRun, parentRunOf, tellChildren, tellNoLonger } from './inherit.ts';
import { type LedgerOptions, type LedgerSettings, settingsOf } from './ledger-options.ts';
import { lineOf } from './line.ts';
import { currentRun, within } from './open-work.ts';
import { DEFAULT_HEARTBEAT_MS, Pulse } from './pulse.ts';
import { Run } from './run.ts';
import type { RunOptions } from './run-options.ts';
import { MAX_TIMER_MS, nodeRuntime, type Runtime } from './runtime.ts';
import { Spool } from './spool.ts';
import { timeOrderedIds } from './time-ordered-ids.ts';
import type { Transport } from './transport.ts';
import { SCHEMA_VERSION } from './version.ts';
import { attempt, type Complain, readNumber } from './wire-value.ts';

/**
 * Counts of events so far, with several transports once for each. `emitted = sent + spooled + dropped + pending` until
 * something is sent from the spool, which counts as sent too.
 */
export interface LedgerStats {
  readonly emitted: number;
  readonly sent: number;
  /** Kept in files, to be sent later. */
  readonly spooled: number;
  /** Never sent: no room, refused, deleted from a full spool, or left when the ledger was closed without one. */
  readonly dropped: number;
  /** Waiting, or being sent. */
  readonly pending: number;
  /** Calls of the transport that failed. */
  readonly failures: number;
}

export interface FlushOptions {
  /** The longest to wait, in milliseconds. Default: 5,000. */
  readonly timeout_ms?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Sends events about pipeline runs to a ledger. Make one per process and close it at the end.
 *
 * It never breaks its host: only the constructor throws, for a wrong option. Memory and waiting are bounded, `stats()`
 * counts events that could not be sent, and errors of the host's own code are always rethrown unchanged.
 */
export class Ledger implements AsyncDisposable {
  readonly #settings: LedgerSettings;
  readonly #runtime: Runtime;
  readonly #deliveries: readonly Delivery[];
  readonly #nextId: () => string;
  readonly #instance_id: string;
  readonly #parent: ParentRun | undefined;
  /** The runs under way, and what beats for them. */
  readonly #pulses = new Set<Pulse>();
  readonly #open = new Set<Run>();
  readonly #mortal: Mortal = {
    openRuns: () => [...this.#open],
    isIdle: () => this.#open.size === 0 && this.#deliveries.every((delivery) => delivery.isIdle),
    settle: (timeoutMs) => this.#flush(timeoutMs, { andSpool: true }),
    close: (options) => this.close(options),
    closeNow: (timeoutMs) => this.#closeNow(timeoutMs),
  };
  #seq = 0;
  #warned = false;
  #isClosed = false;

  /** Throws a TypeError for a wrong option: its name, what was expected, and the value. `runtime` is for tests. */
  constructor(options: LedgerOptions = {}, runtime: Runtime = nodeRuntime) {
    this.#settings = settingsOf(options, runtime);
    this.#runtime = runtime;
    this.#nextId = timeOrderedIds(runtime);
    this.#instance_id = this.#nextId();
    this.#parent = parentRunOf(runtime);
    this.#deliveries = this.#settings.transports.map(
      (transport) =>
        new Delivery({
          ...this.#settings,
          transport,
          spool: spoolFor(transport, this.#settings, runtime),
          runtime,
          complain: this.#complain,
          reportDrops: this.#reportDrops,
        }),
    );
  }

  /**
   * Starts a run (RUN_START). End it with `await using` or `run.end()`; where the run is one function, `ledger.run` is
   * safer, because it sees every error. A run with a `heartbeat_interval_ms` beats by itself until it ends; without one it
   * makes no promise, because nobody knows whether it will be ended.
   *
   * In a child process of a run of that name (RUNLEDGER_RUN) it joins that run, without starting or ending it; a run of
   * another name names it as its parent.
   */
  startRun(options: RunOptions): Run {
    return this.#start(options, undefined);
  }

  /**
   * Runs `work` as a run and returns what it returns. The run ends SUCCESS unless `work` chose another end. When `work`
   * throws, it reports the error (ERROR, RUN_END FAILED), waits up to five seconds until that is sent, and throws the same
   * object. A run within it names it as its parent. Until it ends it beats by itself (HEARTBEAT): every `heartbeat_interval_ms`, by default every minute.
   */
  async run<Value>(options: RunOptions, work: (run: Run) => Value | Promise<Value>): Promise<Value> {
    const run = this.#start(options, DEFAULT_HEARTBEAT_MS);
    try {
      const value = await within(run, undefined, () => work(run));
      // `work` returned, so it has recovered from every failure on the way.
      if (run.verdict === undefined) run.succeed();
      return value;
    } catch (error) {
      run.fail(error);
      throw error;
    } finally {
      await run.end();
    }
  }

  stats(): LedgerStats {
    const each = this.#deliveries.map((delivery) => delivery.stats());
    const sum = (name: keyof DeliveryStats) => each.reduce((total, one) => total + one[name], 0);
    return {
      emitted: this.#seq,
      sent: sum('sent'),
      spooled: sum('spooled'),
      dropped: sum('dropped'),
      pending: sum('pending'),
      failures: sum('failures'),
    };
  }

  /** Sends all waiting events. Settles when they are sent or spooled, when sending fails, or after `timeout_ms`; never rejects. */
  flush(options?: FlushOptions): Promise<void> {
    return this.#flush(this.#timeoutOf(options));
  }

  /**
   * Sends all waiting events, then spools the rest, or drops it where there is no spool; every later event is dropped.
   * Settles within `timeout_ms`; never rejects.
   */
  close(options?: FlushOptions): Promise<void> {
    for (const pulse of this.#pulses) pulse.stop();
    this.#isClosed = true;
    this.#open.clear();
    const timeoutMs = this.#timeoutOf(options);
    const closed = all(this.#deliveries.map((delivery) => delivery.close(timeoutMs)));
    return closed.then(() => this.#runtime.unwatch());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(options: RunOptions, defaultIntervalMs: number | undefined): Run {
    const parent = this.#parent;
    const around = currentRun();
    const name = attempt(() => options.process_name, this.#complain);
    if (parent && !around && (name === undefined || name === parent.process_name))
      return this.#opened(parentIdentity(parent), {}, parent);
    const from = around ?? parent;
    const outer = from && { parent_run_id: from.run_id, root_run_id: from.root_run_id ?? from.run_id };
    const told = outer ? (attempt(() => ({ ...outer, ...options }), this.#complain) ?? options) : options;
    const { run, columns } = describeRun(told, this.#settings, this.#nextId, this.#complain);
    const beats = this.#settings.heartbeats && !this.#isClosed;
    const given = columns.heartbeat_interval_ms as number | undefined;
    // 0 promises nothing, and so does a client that does not beat unless the run itself does.
    const heartbeat_interval_ms = (given ?? (beats ? defaultIntervalMs : undefined)) || undefined;
    return this.#opened(run, { ...columns, heartbeat_interval_ms }, undefined);
  }

  #opened(run: RunIdentity, columns: Record<string, unknown>, joins: ParentRun | undefined): Run {
    const intervalMs = columns.heartbeat_interval_ms as number | undefined;
    let pulse: Pulse | undefined;
    const started = new Run({
      run,
      columns,
      joins,
      complain: this.#complain,
      runtime: this.#runtime,
      reported: new WeakMap(),
      emit: (body) => {
        pulse?.heard();
        this.#emit(run, body);
      },
      within: (step, work) => within(started, step, work),
      flush: async () => {
        await this.#flush(DEFAULT_TIMEOUT_MS, { unlessAway: true });
        this.#runtime.unwatch();
      },
      ended: () => {
        this.#open.delete(started);
        pulse?.stop();
        if (pulse) this.#pulses.delete(pulse);
        tellNoLonger(this.#runtime, run.run_id);
      },
    });
    this.#open.add(started);
    if (this.#settings.endWithProcess && !this.#isClosed) this.#runtime.watch(this.#mortal);
    if (!joins) tellChildren(this.#runtime, { ...run, root_run_id: columns.root_run_id as string | undefined });
    if (this.#settings.heartbeats && !this.#isClosed && intervalMs !== undefined) {
      pulse = new Pulse(this.#runtime, intervalMs, () => started.heartbeat());
      this.#pulses.add(pulse);
    }
    return started;
  }

  #emit(run: RunIdentity, body: EventBody): void {
    const { event_type, ...columns } = body;
    const event: Event = {
      event_id: this.#nextId(),
      event_type,
      ...run,
      ...columns,
      created_at: new Date(this.#runtime.now()).toISOString(),
      schema_version: SCHEMA_VERSION,
      producer: { ...this.#settings.producer, instance_id: this.#instance_id, seq: ++this.#seq },
    };
    const bytes = attempt(() => lineOf(event), this.#complain);
    for (const delivery of this.#deliveries) {
      if (bytes) delivery.push({ bytes, run });
      else delivery.drop(1, run, 'an event could not be written as JSON');
    }
  }

  #closeNow(timeoutMs: number): void {
    this.#isClosed = true;
    const endMs = this.#runtime.elapsed() + timeoutMs;
    for (const delivery of this.#deliveries) delivery.closeNow(Math.max(0, endMs - this.#runtime.elapsed()));
  }

  #flush(timeoutMs: number, options?: FlushMode): Promise<void> {
    return all(this.#deliveries.map((delivery) => delivery.flush(timeoutMs, options)));
  }

  readonly #reportDrops = (count: number, run: RunIdentity): void =>
    this.#emit(run, {
      event_type: 'METRIC',
      message: `${count} events of this producer were dropped before this one`,
      metrics: { 'runledger.events_dropped': count },
    });

  #timeoutOf(options: FlushOptions | undefined): number {
    const given = attempt(() => readNumber(options?.timeout_ms, 'timeout_ms', this.#complain), this.#complain);
    return given !== undefined && given >= 0 && given <= MAX_TIMER_MS ? given : DEFAULT_TIMEOUT_MS;
  }

  /** An arrow function, because it is passed on without `this`. */
  readonly #complain: Complain = (error) => {
    try {
      const { onError, debug } = this.#settings;
      onError?.(error);
      if (debug) this.#runtime.warn(error.message);
      else if (!onError && !this.#warned)
        this.#runtime.warn(`${error.message}. The pipeline goes on; ledger.stats() counts what is lost.`);
      this.#warned = true;
    } catch {
      // An error thrown by `onError` must not break the pipeline either.
    }
  };
}

const all = async (work: readonly Promise<void>[]): Promise<void> => void (await Promise.all(work));

const parentIdentity = ({ run_id, process_name, run_attempt, environment }: ParentRun): RunIdentity => ({
  run_id,
  process_name,
  run_attempt,
  environment,
});

const spoolFor = (transport: Transport, settings: LedgerSettings, runtime: Runtime): Spool | undefined =>
  settings.spool !== undefined && typeof transport.name === 'string'
    ? new Spool(settings.spool, transport.name, settings.spoolLimits, () => runtime.now())
    : undefined;
