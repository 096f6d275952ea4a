import { type ErrorDetails, errorInfoOf } from './error-info.ts';
import type { EndStatus, ErrorInfo, EventBody, QualityResult, Source, Target } from './event.ts';
import type { Runtime } from './runtime.ts';
import { type Counts, readQuality, Tally } from './tally.ts';
import { attempt, type Complain, readMap, readNumber, readText } from './wire-value.ts';

/** What a run and its steps share. */
export interface WorkContext {
  /** Stamps and sends an event. Never throws. */
  readonly emit: (body: EventBody) => void;
  readonly complain: Complain;
  readonly runtime: Runtime;
  /** The errors the run has told of, so that each is told once, by whoever saw it first. */
  readonly told: WeakMap<object, ErrorInfo>;
}

/** What was said of a run or step by its code, before it ended. */
export interface Verdict {
  readonly status: EndStatus;
  readonly error?: ErrorInfo | undefined;
  readonly message?: string | undefined;
}

/** What can be said of a run and of a step alike. No method throws, whatever it is given and whatever the transport does. */
export abstract class Work {
  readonly #context: WorkContext;
  /** What makes an event one of this step; nothing for a run. */
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

  /** How it will end if nothing else is said; undefined: nothing was said so far. */
  get verdict(): EndStatus | undefined {
    return this.#verdict?.status;
  }

  /** Adds to the numbers of records and bytes that its END tells. */
  count(counts: Counts): void {
    this.#quietly(() => this.#tally.count(counts));
  }

  /** Something it read; once for each. Its END tells it. */
  source(source: Source): void {
    this.#quietly(() => this.#tally.source(source));
  }

  /** Something it wrote; once for each. Its END tells it. */
  target(target: Target): void {
    this.#quietly(() => this.#tally.target(target));
  }

  /** A number it measured. The last value of a name counts; its END tells it. */
  metric(name: string, value: number): void {
    this.#quietly(() => this.#tally.metric(name, value));
  }

  /** The result of a data-quality check, told now (QUALITY). It does not fail anything. */
  quality(result: QualityResult): void {
    this.#quietly(() => {
      const quality = readQuality(result, 'quality', this.#context.complain);
      if (quality) this.emit({ event_type: 'QUALITY', quality: [quality] });
    });
  }

  /** It is alive (HEARTBEAT). */
  heartbeat(message?: string): void {
    this.#quietly(() =>
      this.emit({ event_type: 'HEARTBEAT', message: this.text(message), ...this.heartbeatColumns() }),
    );
  }

  /** It has come this far (CHECKPOINT), with numbers of this moment. */
  checkpoint(message: string, metrics?: Readonly<Record<string, number>>): void {
    this.#quietly(() => {
      const numbers = readMap(readNumber)(metrics, 'metrics', this.#context.complain);
      this.emit({ event_type: 'CHECKPOINT', message: this.text(message), metrics: numbers });
    });
  }

  /** Something went wrong, and it goes on (ERROR). One error object is told once. */
  error(error: unknown, details?: ErrorDetails): void {
    this.#quietly(() => this.#tell(error, details));
  }

  /** Something went wrong (ERROR), and it will end FAILED. */
  fail(error: unknown, details?: ErrorDetails): void {
    this.#quietly(() => this.rule({ status: 'FAILED', error: this.#tell(error, details) }));
  }

  protected get said(): Verdict | undefined {
    return this.#verdict;
  }

  /** The last word counts. */
  protected rule(verdict: Verdict): void {
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

  #tell(thrown: unknown, details?: ErrorDetails): ErrorInfo {
    const { told, complain } = this.#context;
    const key = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function' ? thrown : undefined;
    const before = key && told.get(key);
    if (before) return before;
    const error = attempt(() => errorInfoOf(thrown, details), complain) ?? errorInfoOf(thrown);
    if (key) told.set(key, error);
    this.emit({ event_type: 'ERROR', error });
    return error;
  }

  #quietly(act: () => void): void {
    attempt(act, this.#context.complain);
  }
}
