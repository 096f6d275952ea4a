import type { LedgerStats } from './emitter.ts';
import { type FlushOptions, Ledger } from './ledger.ts';
import type { LedgerOptions } from './ledger-options.ts';
import { LogTail, type LogTailOptions } from './log-tail.ts';
import type { Run } from './run.ts';
import type { RunOptions } from './run-options.ts';
import type { Step, StepOptions, StepWork } from './step.ts';

let ledger: Ledger | undefined;
let tail: LogTail | undefined;

/** The ledger of this process: made from the environment when the first run starts, or by `configure`. */
export function defaultLedger(): Ledger {
  ledger ??= aLedger({});
  return ledger;
}

/** Sets the ledger of this process, and closes the one before. Throws a TypeError for a wrong option. */
export function configure(options: LedgerOptions = {}): Ledger {
  const before = ledger;
  ledger = aLedger(options);
  void before?.close();
  return ledger;
}

/** A run of a pipeline: `await run('orders', (run) => …)`. As `ledger.run`. */
export const run = <Value>(options: string | RunOptions, work: (run: Run) => Value | Promise<Value>): Promise<Value> =>
  defaultLedger().run(options, work);

/** For code that is not one function: end it with `run.end()`. As `ledger.startRun`. */
export const startRun = (options: string | RunOptions): Run => defaultLedger().startRun(options);

/** A step of the run that is open here, within a step of that: `await step('load', (step) => …)`. As `ledger.step`. */
export function step<Value>(name: string, work: (step: Step) => Value | Promise<Value>): Promise<Value>;
export function step<Value>(
  name: string,
  options: StepOptions,
  work: (step: Step) => Value | Promise<Value>,
): Promise<Value>;
export function step<Value>(name: string, ...work: StepWork<Value>): Promise<Value> {
  return defaultLedger().step(...([name, ...work] as Parameters<typeof step<Value>>));
}

type Work<Args extends unknown[], Value> = (...args: Args) => Value | Promise<Value>;
type Recorded<Args extends unknown[], Value> = (...args: Args) => Promise<Value>;

/** A function every call of which is a run of a pipeline, of its own name or the one given. */
export function asPipeline<Args extends unknown[], Value>(work: Work<Args, Value>): Recorded<Args, Value>;
export function asPipeline<Args extends unknown[], Value>(
  options: string | RunOptions,
  work: Work<Args, Value>,
): Recorded<Args, Value>;
export function asPipeline<Args extends unknown[], Value>(
  ...[first, second]: [Work<Args, Value>] | [string | RunOptions, Work<Args, Value>]
): Recorded<Args, Value> {
  const work = (second ?? first) as Work<Args, Value>;
  const options = second === undefined ? work.name : (first as string | RunOptions);
  return function recorded(this: unknown, ...args) {
    return run(options, () => work.apply(this, args));
  };
}

/** A function every call of which is a step of the run that is open where it is called. */
export function asStep<Args extends unknown[], Value>(work: Work<Args, Value>): Recorded<Args, Value>;
export function asStep<Args extends unknown[], Value>(name: string, work: Work<Args, Value>): Recorded<Args, Value>;
export function asStep<Args extends unknown[], Value>(
  ...[first, second]: [Work<Args, Value>] | [string, Work<Args, Value>]
): Recorded<Args, Value> {
  const work = (second ?? first) as Work<Args, Value>;
  const name = second === undefined ? work.name : (first as string);
  return function recorded(this: unknown, ...args) {
    return step(name, () => work.apply(this, args));
  };
}

/** The last lines of the job's own log, to be sent with errors. See `LogTail`. */
export function logTail(options: LogTailOptions = {}): LogTail {
  tail?.release();
  tail = new LogTail(options);
  defaultLedger().keepLogTail(tail);
  return tail;
}

/** Sends all waiting events. As `ledger.flush`. */
export const flush = (options?: FlushOptions): Promise<void> => defaultLedger().flush(options);

/** Sends all waiting events; what comes later is dropped. As `ledger.close`. */
export const close = (options?: FlushOptions): Promise<void> => defaultLedger().close(options);

export const stats = (): LedgerStats => defaultLedger().stats();

function aLedger(options: LedgerOptions): Ledger {
  const made = new Ledger(options);
  if (tail) made.keepLogTail(tail);
  return made;
}
