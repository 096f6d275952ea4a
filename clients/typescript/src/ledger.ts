import { complaintsOf } from './complaints.ts';
import { Context } from './context/context.ts';
import { describeRun } from './describe-run.ts';
import type { Mortal } from './dying.ts';
import { Emitter, type LedgerStats } from './emitter.ts';
import type { RunIdentity } from './event.ts';
import { type ParentRun, parentRunOf, tellChildren, tellNoLonger } from './inherit.ts';
import { type LedgerOptions, type LedgerSettings, settingsOf } from './ledger-options.ts';
import type { LogTail } from './log-tail.ts';
import { currentRun, currentStep, within } from './open-work.ts';
import { DEFAULT_HEARTBEAT_MS, Pulse } from './pulse.ts';
import { withStart } from './resume.ts';
import { Run } from './run.ts';
import type { RunOptions } from './run-options.ts';
import { MAX_TIMER_MS, nodeRuntime, type Runtime } from './runtime.ts';
import type { Spool } from './spool.ts';
import type { Step, StepOptions, StepWork } from './step.ts';
import { attempt, type Complain, readNumber, unexpected } from './wire-value.ts';

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
  readonly #complain: Complain;
  readonly #emitter: Emitter;
  readonly #parent: ParentRun | undefined;
  /** Undefined: runs tell only what their code says. */
  readonly #context: Context | undefined;
  /** For runs under way: describes them again, with what was found meanwhile. */
  readonly #describeAgain = new Map<string, () => void>();
  /** The runs under way, and what beats for them. */
  readonly #pulses = new Set<Pulse>();
  readonly #open = new Set<Run>();
  readonly #mortal: Mortal = {
    openRuns: () => [...this.#open],
    isIdle: () => this.#open.size === 0 && this.#emitter.isIdle,
    settle: (timeoutMs) => this.#emitter.flush(timeoutMs, { andSpool: true }),
    close: (options) => this.close(options),
    closeNow: (timeoutMs) => {
      this.#isClosed = true;
      this.#emitter.closeNow(timeoutMs);
    },
  };
  #logTail: LogTail | undefined;
  #isClosed = false;

  /** Throws a TypeError for a wrong option: its name, what was expected, and the value. `runtime` is for tests. */
  constructor(options: LedgerOptions = {}, runtime: Runtime = nodeRuntime) {
    this.#settings = settingsOf(options, runtime);
    this.#runtime = runtime;
    this.#complain = complaintsOf(this.#settings, runtime);
    this.#emitter = new Emitter(this.#settings, runtime, this.#complain);
    this.#parent = parentRunOf(runtime);
    this.#context = this.#settings.context ? new Context(runtime.surroundings) : undefined;
  }

  /**
   * Starts a run (RUN_START). End it with `await using` or `run.end()`; where the run is one function, `ledger.run` is
   * safer, because it sees every error. A run with a `heartbeat_interval_ms` beats by itself until it ends; without one it
   * makes no promise, because nobody knows whether it will be ended.
   *
   * In a child process of a run of that name (RUNLEDGER_RUN) it joins that run, without starting or ending it; a run of
   * another name names it as its parent.
   */
  startRun(options: string | RunOptions): Run {
    return this.#start(options, undefined);
  }

  /**
   * Runs `work` as a run and returns what it returns. The run ends SUCCESS unless `work` chose another end. When `work`
   * throws, it reports the error (ERROR, RUN_END FAILED), waits up to five seconds until that is sent, and throws the same
   * object. A run within it names it as its parent. Until it ends it beats by itself (HEARTBEAT): every `heartbeat_interval_ms`, by default every minute.
   */
  async run<Value>(options: string | RunOptions, work: (run: Run) => Value | Promise<Value>): Promise<Value> {
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

  /**
   * Runs a step of the run that is open here: of the step whose function is being run, else of the run, else of the only
   * run that is open in this process, else of the parent's run. Where there is none, `work` is run all the same.
   */
  step<Value>(name: string, work: (step: Step) => Value | Promise<Value>): Promise<Value>;
  step<Value>(name: string, options: StepOptions, work: (step: Step) => Value | Promise<Value>): Promise<Value>;
  step<Value>(name: string, ...work: StepWork<Value>): Promise<Value> {
    return (currentStep() ?? currentRun() ?? this.#runHere() ?? this.#strayRun(name)).step(
      ...([name, ...work] as Parameters<Run['step']>),
    ) as Promise<Value>;
  }

  /** Sends an event that you wrote yourself: as it is, but masked, and with this producer's number. Never throws. */
  send(event: Readonly<Record<string, unknown>>): void {
    attempt(() => this.#emitter.send(event), this.#complain);
    if (this.#settings.endWithProcess && !this.#isClosed) this.#runtime.watch(this.#mortal);
  }

  /** Errors are sent with the lines that it has. */
  keepLogTail(logTail: LogTail): void {
    this.#logTail = logTail;
  }

  stats(): LedgerStats {
    return this.#emitter.stats();
  }

  /** Sends all waiting events. Settles when they are sent or spooled, when sending fails, or after `timeout_ms`; never rejects. */
  flush(options?: FlushOptions): Promise<void> {
    return this.#emitter.flush(this.#timeoutOf(options));
  }

  /** Where what could not be sent waits, a folder for each transport. */
  spools(): readonly Spool[] {
    return this.#emitter.spools();
  }

  /** Sends all waiting events, then what the spools have; until they are empty, a call fails, or after `timeout_ms`. */
  sendSpooled(options?: FlushOptions): Promise<void> {
    return this.#emitter.flush(this.#timeoutOf(options), { andSpool: true });
  }

  /**
   * Sends all waiting events, then spools the rest, or drops it where there is no spool; every later event is dropped.
   * Settles within `timeout_ms`; never rejects.
   */
  close(options?: FlushOptions): Promise<void> {
    for (const pulse of this.#pulses) pulse.stop();
    this.#isClosed = true;
    this.#open.clear();
    return this.#emitter.close(this.#timeoutOf(options)).then(() => this.#runtime.unwatch());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Code that is not within a run's function belongs to the only run that is open, or to the parent's. */
  #runHere(): Run | undefined {
    const [only, ...others] = this.#open;
    if (only && others.length === 0) return only;
    const parent = this.#parent;
    return others.length === 0 && parent ? this.#opened(parentIdentity(parent), {}, parent) : undefined;
  }

  /** Nothing of it is sent. */
  #strayRun(name: string): Run {
    this.#complain(unexpected('step', 'a run to be open where the step is; it is not recorded', name));
    const run: Run = new Run({
      run: { run_id: '', process_name: '', run_attempt: 1 },
      columns: {},
      emit: () => undefined,
      complain: this.#complain,
      runtime: this.#runtime,
      reported: new WeakMap(),
      logTail: () => undefined,
      measure: () => ({}),
      within: (_, work) => work(),
      flush: () => Promise.resolve(),
      ended: () => undefined,
    });
    return run;
  }

  #start(given: string | RunOptions, defaultIntervalMs: number | undefined): Run {
    const options = typeof given === 'string' ? { process_name: given } : given;
    const parent = this.#parent;
    const around = currentRun();
    const name = attempt(() => options.process_name, this.#complain);
    if (parent && !around && (name === undefined || name === parent.process_name))
      return this.#opened(parentIdentity(parent), {}, parent);
    const from = around ?? parent;
    const outer = from && { parent_run_id: from.run_id, root_run_id: from.root_run_id ?? from.run_id };
    const inner = outer ? (attempt(() => ({ ...outer, ...options }), this.#complain) ?? options) : options;
    const told = attempt(() => withStart(inner, this.#runtime), this.#complain) ?? inner;
    const describe = (options: RunOptions) =>
      describeRun(this.#inContext(options), this.#settings, this.#emitter.nextId, this.#complain);
    const { run, columns } = describe(told);
    const beats = this.#settings.heartbeats && !this.#isClosed;
    const promised = columns.heartbeat_interval_ms as number | undefined;
    // 0 promises nothing, and so does a client that does not beat unless the run itself does.
    const heartbeat_interval_ms = (promised ?? (beats ? defaultIntervalMs : undefined)) || undefined;
    const all: Record<string, unknown> = { ...columns, heartbeat_interval_ms };
    this.#describeAgain.set(run.run_id, () =>
      Object.assign(all, describe({ ...told, ...run }).columns, { heartbeat_interval_ms }),
    );
    this.#context?.askFor(() => {
      for (const again of this.#describeAgain.values()) attempt(again, this.#complain);
    });
    return this.#opened(run, all, undefined);
  }

  #inContext(options: RunOptions): RunOptions {
    const found = attempt(() => this.#context?.with(options), this.#complain);
    return found === undefined ? options : (found as unknown as RunOptions);
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
      logTail: () => this.#logTail,
      measure: () => this.#context?.memory() ?? {},
      emit: (body) => {
        pulse?.heard();
        this.#emitter.emit(run, body);
      },
      within: (step, work) => within(started, step, work),
      flush: async () => {
        await this.#emitter.flush(DEFAULT_TIMEOUT_MS, { unlessAway: true });
        this.#runtime.unwatch();
      },
      ended: () => {
        this.#open.delete(started);
        this.#describeAgain.delete(run.run_id);
        pulse?.stop();
        if (pulse) this.#pulses.delete(pulse);
        tellNoLonger(this.#runtime, run.run_id);
      },
    });
    this.#open.add(started);
    if (this.#settings.endWithProcess && !this.#isClosed) this.#runtime.watch(this.#mortal);
    if (!joins) tellChildren(this.#runtime, { ...run, root_run_id: columns.root_run_id as string | undefined });
    if (this.#settings.heartbeats && !this.#isClosed && intervalMs !== undefined) {
      pulse = new Pulse(this.#runtime, intervalMs, () => started.beat());
      this.#pulses.add(pulse);
    }
    return started;
  }

  #timeoutOf(options: FlushOptions | undefined): number {
    const given = attempt(() => readNumber(options?.timeout_ms, 'timeout_ms', this.#complain), this.#complain);
    return given !== undefined && given >= 0 && given <= MAX_TIMER_MS ? given : DEFAULT_TIMEOUT_MS;
  }
}

const parentIdentity = ({ run_id, process_name, run_attempt, environment }: ParentRun): RunIdentity => ({
  run_id,
  process_name,
  run_attempt,
  environment,
});
