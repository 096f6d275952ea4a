import { type ErrorDetails, errorInfoOf } from './error-info.ts';
import type { EndStatus, ErrorInfo, EventBody, QualityResult, Source, Target } from './event.ts';
import type { LogTail } from './log-tail.ts';
import type { Runtime } from './runtime.ts';
import { type Counts, type InAndOut, readQuality, Tally } from './tally.ts';
import { attempt, type Complain, readMap, readNumber, readText } from './wire-value.ts';

/** What a run and its steps share. */
export interface WorkContext {
  /** Stamps and sends an event. Never throws. */
  readonly emit: (body: EventBody) => void;
  readonly complain: Complain;
  readonly runtime: Runtime;
  /** The errors that the run or one of its steps has reported, so that each is reported once. */
  readonly reported: WeakMap<object, ErrorInfo>;
  /** Errors are sent with the lines that it has. */
  readonly logTail: () => LogTail | undefined;
}

/** The end that the pipeline's code chose for a run or step. */
export interface Verdict {
  readonly status: EndStatus;
  readonly error?: ErrorInfo | undefined;
  readonly message?: string | undefined;
}

/** What a run and a step can both report. No method throws, whatever its arguments are and whatever the transport does. */
export abstract class Work {
  readonly #context: WorkContext;
  /** The columns that name the step; empty for a run. */
  readonly #subject: Partial<EventBody>;
  readonly #tally: Tally;
  readonly #startedMs: number;
  readonly #start_time: string;
  #verdict: Verdict | undefined;

  protected constructor(context: WorkContext, subject: Partial<EventBody>) {
    this.#context = context;
    this.#subject = subject;
    this.#tally = new Tally(context.complain);
    this.#startedMs = context.runtime.elapsed();
    this.#start_time = new Date(context.runtime.now()).toISOString();
  }

  /** The end chosen so far by `fail`, `skip` or `succeed`; undefined: none. */
  get verdict(): EndStatus | undefined {
    return this.#verdict?.status;
  }

  /** Adds to the counts of records that its END reports. */
  records(records: InAndOut): void {
    this.#quietly(() => this.count({ records_in: records.in, records_out: records.out }));
  }

  /** Adds to the counts of bytes that its END reports. */
  bytes(bytes: InAndOut): void {
    this.#quietly(() => this.count({ data_size_bytes_in: bytes.in, data_size_bytes_out: bytes.out }));
  }

  /** Adds to the counts of records and bytes that its END reports. */
  count(counts: Counts): void {
    this.#quietly(() => this.#tally.count(counts));
  }

  /** Adds a source that it read; its END lists it. Call it once for each. */
  source(source: Source): void {
    this.#quietly(() => this.#tally.source(source));
  }

  /** Adds a target that it wrote; its END lists it. Call it once for each. */
  target(target: Target): void {
    this.#quietly(() => this.#tally.target(target));
  }

  /** Sets a metric; the last value of a name wins. Its END reports it. */
  metric(name: string, value: number): void {
    this.#quietly(() => this.#tally.metric(name, value));
  }

  /** Sets several metrics. */
  metrics(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of attempt(() => Object.entries(values), this.#context.complain) ?? [])
      this.metric(name, value);
  }

  /** Reports the result of a data-quality check now (QUALITY). A failed check fails neither run nor step. */
  quality(result: QualityResult): void {
    this.#quietly(() => {
      const quality = readQuality(result, 'quality', this.#context.complain);
      if (quality) this.emit({ event_type: 'QUALITY', quality: [quality] });
    });
  }

  /** Reports that it is alive (HEARTBEAT), with metrics of this moment. */
  heartbeat(message?: string, metrics?: Readonly<Record<string, number>>): void {
    this.#quietly(() =>
      this.emit({
        event_type: 'HEARTBEAT',
        message: this.text(message),
        metrics: this.#numbers(metrics),
        ...this.heartbeatColumns(),
      }),
    );
  }

  /** Reports progress (CHECKPOINT), with metrics of this moment. */
  checkpoint(message: string, metrics?: Readonly<Record<string, number>>): void {
    this.#quietly(() =>
      this.emit({ event_type: 'CHECKPOINT', message: this.text(message), metrics: this.#numbers(metrics) }),
    );
  }

  /** Reports an error after which the work goes on (ERROR). One error object is reported once. */
  error(error: unknown, details?: ErrorDetails): void {
    this.#quietly(() => this.#report(error, details));
  }

  /** Reports an error (ERROR) and chooses FAILED as the end. */
  fail(error: unknown, details?: ErrorDetails): void {
    this.#quietly(() => this.chooseEnd({ status: 'FAILED', error: this.#report(error, details) }));
  }

  protected get chosenEnd(): Verdict | undefined {
    return this.#verdict;
  }

  /** Chooses the end; the last call wins. */
  protected chooseEnd(verdict: Verdict): void {
    this.#verdict = verdict;
  }

  protected emit(body: EventBody): void {
    this.#context.emit({ ...body, ...this.#subject });
  }

  /** Free text from the host. */
  protected text(message: unknown): string | undefined {
    const { complain } = this.#context;
    return attempt(() => readText(message, 'message', complain), complain);
  }

  /** Columns its heartbeats carry besides their message. */
  protected heartbeatColumns(): Partial<EventBody> {
    return {};
  }

  protected emitStart(event_type: 'RUN_START' | 'STEP_START', columns: Partial<EventBody> = {}): void {
    this.emit({ event_type, status: 'RUNNING', start_time: this.#start_time, ...columns });
  }

  protected emitEnd(
    event_type: 'RUN_END' | 'STEP_END',
    { status, error, message }: Verdict,
    columns: (duration_ms: number) => Partial<EventBody> = () => ({}),
  ): void {
    const { runtime } = this.#context;
    const duration_ms = Math.max(0, Math.round(runtime.elapsed() - this.#startedMs));
    this.emit({
      event_type,
      status,
      start_time: this.#start_time,
      end_time: new Date(runtime.now()).toISOString(),
      duration_ms,
      message: this.text(message),
      error,
      ...this.#tally.columns(),
      ...columns(duration_ms),
    });
  }

  #report(thrown: unknown, details?: ErrorDetails): ErrorInfo {
    const { reported, complain, logTail } = this.#context;
    const key = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function' ? thrown : undefined;
    const before = key && reported.get(key);
    if (before) return before;
    const error = attempt(() => errorInfoOf(thrown, details), complain) ?? errorInfoOf(thrown);
    if (key) reported.set(key, error);
    const log_tail = attempt(() => logTail()?.lines(), complain);
    this.emit({ event_type: 'ERROR', error, log_tail: log_tail?.length ? log_tail : undefined });
    return error;
  }

  #numbers(metrics: unknown): Record<string, number> | undefined {
    const { complain } = this.#context;
    return attempt(() => readMap(readNumber)(metrics, 'metrics', complain), complain);
  }

  #quietly(act: () => void): void {
    attempt(act, this.#context.complain);
  }
}
