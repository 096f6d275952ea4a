import { constants } from 'node:os';
import { kill, pid } from 'node:process';
import type { EndStatus } from './event.ts';

/** What a run can be told when its process ends. */
interface MortalRun {
  readonly verdict: EndStatus | undefined;
  checkpoint(message: string): void;
  error(error: unknown): void;
  fail(error: unknown): void;
  end(status?: EndStatus, message?: string): Promise<void>;
}

/** A ledger whose open runs end with the process. */
export interface Mortal {
  openRuns(): readonly MortalRun[];
  /** No run is open, and nothing waits to be sent. */
  isIdle(): boolean;
  /** Sends what waits, also in the spool. Settles within `timeoutMs`; never rejects. */
  settle(timeoutMs: number): Promise<void>;
  /** The same, and nothing after it. */
  close(options: { readonly timeout_ms: number }): Promise<void>;
  /** Sends or spools without waiting for the event loop. */
  closeNow(timeoutMs: number): void;
}

/** How long a process that ends waits for the network. */
const LAST_WAIT_MS = 5_000;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

const mortals = new Set<Mortal>();
let isWatching = false;
let catchesSignals = false;
let hasSettled = false;
let diesOf: NodeJS.Signals | undefined;

/**
 * Called when a run starts. A process that is killed (SIGKILL, out of memory) says nothing: its runs fall silent, and
 * three heartbeats later the ledger calls them lost.
 */
export function watchProcess(ledger: Mortal): void {
  mortals.add(ledger);
  if (!isWatching) {
    isWatching = true;
    process.on('uncaughtExceptionMonitor', onError);
    process.on('beforeExit', onNothingLeft);
    process.on('exit', onExit);
  }
  if (catchesSignals) return;
  catchesSignals = true;
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

/** Called when a run has ended, or a ledger is closed: without an open one, signals do what they would without this client. */
export function releaseProcess(): void {
  for (const ledger of mortals) if (ledger.isIdle()) mortals.delete(ledger);
  if (!catchesSignals || diesOf || openRuns().length > 0) return;
  catchesSignals = false;
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/**
 * Where nobody else handles the signal, the runs end CANCELLED and the process dies by it, as it would have. A handler
 * of the host decides itself what becomes of its runs: that the signal came is told to the ledger.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (hasOtherHandlers(signal)) {
    for (const run of openRuns()) run.checkpoint(`${signal} received`);
    for (const ledger of mortals) void ledger.settle(LAST_WAIT_MS);
    return;
  }
  // Whoever asks twice does not want to wait.
  if (diesOf) {
    dieBy(signal);
    return;
  }
  diesOf = signal;
  for (const run of openRuns()) void (run.verdict === undefined ? run.end('CANCELLED', signal) : run.end());
  const closed = [...mortals].map((ledger) => ledger.close({ timeout_ms: LAST_WAIT_MS }));
  void Promise.all(closed).then(() => dieBy(signal));
}

function dieBy(signal: NodeJS.Signals): void {
  for (const each of SIGNALS) process.off(each, onSignal);
  kill(pid, signal);
  // The first process of a container does not die by a signal that it does not handle.
  if (pid === 1) process.exit(128 + constants.signals[signal]);
}

/**
 * `signal-exit`, which many packages bring, kills the process itself once it is alone with a signal, and then calls
 * those who wait for the exit: it does not decide that the process lives on.
 */
function hasOtherHandlers(signal: NodeJS.Signals): boolean {
  const emitters = [
    (process as unknown as Record<string, unknown>).__signal_exit_emitter__,
    (globalThis as Record<symbol, unknown>)[Symbol.for('signal-exit emitter')],
  ] as readonly ({ readonly count?: unknown } | undefined)[];
  const own = emitters.reduce((sum, emitter) => sum + (Number(emitter?.count) || 0), 1);
  return process.listenerCount(signal) > own;
}

function onError(error: unknown): void {
  // The host handles it, and goes on.
  const goesOn = process.listenerCount('uncaughtException') > 0;
  for (const run of openRuns()) {
    if (goesOn) run.error(error);
    else {
      run.fail(error);
      void run.end();
    }
  }
}

/** The last moment at which something can be waited for. Once: what hangs must not be waited for again and again. */
function onNothingLeft(): void {
  if (hasSettled) return;
  hasSettled = true;
  endRuns('The process had nothing left to do while the run was open');
  for (const ledger of mortals) void ledger.settle(LAST_WAIT_MS);
}

function onExit(code: number): void {
  endRuns(`The process ended with exit code ${code} while the run was open`);
  const endMs = performance.now() + LAST_WAIT_MS;
  for (const ledger of mortals) ledger.closeNow(Math.max(0, endMs - performance.now()));
}

/** Nothing unknown is a success. */
function endRuns(reason: string): void {
  for (const run of openRuns()) {
    if (run.verdict === undefined) run.fail(`${reason}: end it with run.end(), or use ledger.run`);
    void run.end();
  }
}

const openRuns = (): readonly MortalRun[] => [...mortals].flatMap((ledger) => ledger.openRuns());
