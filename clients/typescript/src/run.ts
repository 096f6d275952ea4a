import { END_STATUSES, type EndStatus, type ErrorInfo, type EventBody, type RunIdentity } from './event.ts';
import { joinVariable, type ParentRun } from './inherit.ts';
import { mask } from './mask.ts';
import { lastCheckpoint, type Started, startedByLedger } from './resume.ts';
import { Step, type StepContext, type StepOptions, type StepWork } from './step.ts';
import { StepLog } from './step-log.ts';
import { attempt, jsonValue, unexpected } from './wire-value.ts';
import { type Verdict, Work, type WorkContext } from './work.ts';

export interface RunContext extends WorkContext {
  readonly run: RunIdentity;
  /** The columns its START and END carry. */
  readonly columns: Record<string, unknown>;
  /** Sends the emitted events. Settles when they are sent, or cannot be sent for now. Never rejects. */
  readonly flush: () => Promise<void>;
  /** Called once, when the run ends. */
  readonly ended: () => void;
  /** Makes the step the one that is open where its work runs. */
  readonly within: <Value>(step: Step, work: () => Value) => Value;
  /** The parent process reports its START and END; this one adds steps. */
  readonly joins?: ParentRun | undefined;
  /** What its heartbeats measure. */
  readonly measure: () => Readonly<Record<string, number>>;
}

/**
 * One execution of a pipeline, made by `ledger.startRun` and `ledger.run`.
 *
 * With `await using`, or `end()` without a status, it ends as `succeed` or `fail` chose. Without such a call it ends FAILED
 * when a step failed and no later try of it succeeded, or when a step is still running, else SUCCESS. It cannot see an
 * error that is thrown outside of every step; `ledger.run` can.
 */
export class Run extends Work implements AsyncDisposable {
  readonly run_id: string;
  readonly process_name: string;
  readonly run_attempt: number;
  readonly environment: string | undefined;
  readonly #context: RunContext;
  readonly #steps: StepLog;
  readonly #stepContext: StepContext;
  #end: Promise<void> | undefined;

  /** @internal */
  constructor(context: RunContext) {
    super(context, {});
    this.run_id = context.run.run_id;
    this.process_name = context.run.process_name;
    this.run_attempt = context.run.run_attempt;
    this.environment = context.run.environment;
    this.#context = context;
    this.#steps = new StepLog(context.complain, context.joins ? context.joins.step_index : 0);
    this.#stepContext = {
      ...context,
      onEnd: (step, verdict) => this.#steps.close(step, verdict),
      step: (name, ...work) => this.#runStep(name, work),
    };
    if (!context.joins) this.emitStart('RUN_START', context.columns);
  }

  /**
   * Runs a step: STEP_START, then `work`, then STEP_END. Returns what `work` returns. When `work` throws, it reports the
   * error (ERROR, STEP_END FAILED) and throws the same object. Steps may run in parallel. The same name again is a retry;
   * with a `map_index` of its own it is another instance.
   */
  step<Value>(name: string, work: (step: Step) => Value | Promise<Value>): Promise<Value>;
  step<Value>(name: string, options: StepOptions, work: (step: Step) => Value | Promise<Value>): Promise<Value>;
  step<Value>(name: string, ...work: StepWork<Value>): Promise<Value> {
    return this.#runStep(name, work);
  }

  async #runStep<Value>(name: string, [first, second]: StepWork<Value>): Promise<Value> {
    const [options, work] = second === undefined ? [{}, first as StepWork<Value>[0]] : [first as StepOptions, second];
    const step = this.startStep(name, options);
    try {
      return await this.#context.within(step, () => (work as (step: Step) => Value | Promise<Value>)(step));
    } catch (error) {
      step.fail(error);
      throw error;
    } finally {
      step.end();
    }
  }

  /** For code that is not one function: end it with `step.end()`. It cannot see an error that is thrown meanwhile. */
  startStep(name: string, options: StepOptions = {}): Step {
    return new Step(this.#stepContext, this.#steps.open(name, options));
  }

  /** Reports that a step was not run, with the reason in `message`: one STEP_END SKIPPED. */
  skipStep(name: string, message?: string, options: StepOptions = {}): void {
    const step = this.#steps.open(name, options);
    this.emit({ event_type: 'STEP_END', status: 'SKIPPED', message: this.text(message), ...step });
    this.#steps.close(step, { status: 'SKIPPED' });
  }

  /** Reports a step that is over: one STEP_END with the columns given, which have their names on the wire. */
  addStep(name: string, status: EndStatus = 'SUCCESS', columns: Readonly<Record<string, unknown>> = {}): void {
    const step = this.#steps.open(name, {});
    const told = attempt(() => jsonValue(columns) as object, this.#context.complain);
    this.emit({ event_type: 'STEP_END', status, ...told, ...step });
    this.#steps.close(step, { status });
  }

  /** The index of the first step to run, where the ledger started this run again from there. Undefined: run all of them. */
  get resumeFrom(): number | undefined {
    return this.#started()?.from_step;
  }

  /** What the ledger gave to the run that it started: `--param name=value`, or what it grew after an error of a resource. */
  get startParams(): Readonly<Record<string, string>> {
    return this.#started()?.params ?? {};
  }

  /**
   * Whether an earlier run did this step, so that it is not to run again: it is then reported SKIPPED. Asked before each
   * step, in their order, it makes a job go on from where the earlier run failed.
   */
  skipIfDone(name: string, options: Pick<StepOptions, 'step_index'> = {}): boolean {
    const first = this.resumeFrom;
    const index = this.#steps.indexOf(name, options);
    if (first === undefined || index === undefined || index >= first) return false;
    this.skipStep(name, `done by ${this.#parentId() ?? 'an earlier run'}`, options);
    return true;
  }

  /**
   * What the run that this one goes on from kept by `checkpoint` last; undefined: there is no such run, or it kept nothing.
   * Rejects with `LedgerUnavailable` when the ledger cannot be asked.
   */
  async lastCheckpoint(): Promise<string | undefined> {
    const parent = this.#parentId();
    if (parent === undefined || this.resumeFrom === undefined) return undefined;
    return lastCheckpoint(parent, this.process_name, this.#context.runtime);
  }

  #started(): Started | undefined {
    const started = startedByLedger(this.#context.runtime);
    return started?.run_id === this.run_id ? started : undefined;
  }

  #parentId(): string | undefined {
    return (this.#context.columns.parent_run_id as string | undefined) ?? this.#started()?.parent_run_id;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** The outermost of the runs that this one is part of. */
  get root_run_id(): string {
    const { columns, joins } = this.#context;
    return joins?.root_run_id ?? (columns.root_run_id as string | undefined) ?? this.run_id;
  }

  /** Chooses SUCCESS as the end, even if steps failed. */
  succeed(): void {
    this.chooseEnd({ status: 'SUCCESS' });
  }

  /**
   * Ends the run (RUN_END), once: a second call changes nothing. Settles when its events have been sent, or after five
   * seconds; never rejects. Another word than those of `EndStatus` is passed on, for the ledger to read.
   */
  end(status?: EndStatus, message?: string): Promise<void> {
    this.#end ??= this.#endNow(status, message);
    return this.#end;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  /**
   * The variable for a child process that joins this run: `spawn(…, { env: { ...process.env, ...run.environ() } })`.
   * Children that inherit `process.env` join the outermost run without it; with it their steps come after those that
   * this process has started so far.
   */
  environ(): Record<'RUNLEDGER_RUN', string> {
    const { run, columns, joins } = this.#context;
    const root_run_id = joins ? joins.root_run_id : columns.root_run_id;
    return joinVariable({
      ...run,
      root_run_id: root_run_id as string | undefined,
      step_index: this.#steps.lastIndex,
    });
  }

  /**
   * A heartbeat with what it measures.
   * @internal
   */
  beat(): void {
    this.heartbeat(undefined, this.#context.measure());
  }

  protected override heartbeatColumns(): Partial<EventBody> {
    return { heartbeat_interval_ms: this.#context.columns.heartbeat_interval_ms };
  }

  #endNow(status: EndStatus | undefined, message: string | undefined): Promise<void> {
    this.#context.ended();
    if (this.#context.joins) return this.#context.flush();
    const verdict = { ...this.#verdictAtEnd(status), message: this.text(message) };
    this.emitEnd('RUN_END', verdict, (duration_ms) => ({
      ...this.#context.columns,
      sla: slaAfter(this.#context.columns.sla, duration_ms),
    }));
    return this.#context.flush();
  }

  #verdictAtEnd(status: EndStatus | undefined): Verdict {
    const failure = this.#steps.failure();
    const word = this.#word(status);
    if (word !== undefined) return { status: word, error: errorOf(word, this.chosenEnd?.error ?? failure) };
    return this.chosenEnd ?? (failure ? { status: 'FAILED', error: failure } : { status: 'SUCCESS' });
  }

  /**
   * A word for the end. One that is not of the ledger's own is passed on with a complaint: the ledger reads the words of
   * many tools, and takes none that it does not know for a success.
   */
  #word(status: unknown): EndStatus | undefined {
    const text = (this.text(status) ?? '').trim();
    if (status !== undefined && status !== null && !END_STATUSES.includes(text as EndStatus))
      this.#context.complain(unexpected('status', `one of ${END_STATUSES.join(', ')}`, status));
    return text === '' ? undefined : (mask(text) as EndStatus);
  }
}

/** SUCCESS and SKIPPED carry no error. */
const errorOf = (status: EndStatus, error: ErrorInfo | undefined): ErrorInfo | undefined =>
  status === 'SUCCESS' || status === 'SKIPPED' ? undefined : error;

function slaAfter(sla: unknown, duration_ms: number): unknown {
  const expected = (sla as { expected_max_duration_ms?: number } | undefined)?.expected_max_duration_ms;
  return expected === undefined ? sla : { expected_max_duration_ms: expected, sla_missed: duration_ms > expected };
}
