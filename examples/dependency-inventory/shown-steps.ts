import { setTimeout as pause } from 'node:timers/promises';
import type { Run, Step } from '@runledger/client';

export type Show = (line: string) => void;

/** The result of a step, and its counts. */
export interface StepOutcome<Value> {
  readonly value: Value;
  readonly records: number;
  readonly bytes?: number;
}

export type StepWork<Value> = (step: Step) => StepOutcome<Value> | Promise<StepOutcome<Value>>;

export interface ShownSteps {
  /** Runs a step of the run and shows it in one line when it has ended. */
  step<Value>(name: string, work: StepWork<Value>): Promise<Value>;
  /** Reports as skipped those of these steps that never started. */
  skipRest(names: readonly string[]): void;
}

export function shownSteps(run: Run, show: Show): ShownSteps {
  const started = new Set<string>();
  return {
    async step(name, work) {
      started.add(name);
      const startedMs = performance.now();
      try {
        const { value, records, bytes } = await run.step(name, work);
        show(lineOf(name, `${records.toLocaleString('en')} records`, shownBytes(bytes), performance.now() - startedMs));
        return value;
      } catch (error) {
        show(lineOf(name, 'failed', '', performance.now() - startedMs));
        show(`    ${codeOf(error)}${error instanceof Error ? error.message : String(error)}`);
        throw error;
      }
    },
    skipRest(names) {
      for (const name of names.filter((each) => !started.has(each))) {
        run.skipStep(name, 'a step before it failed');
        show(lineOf(name, 'skipped'));
      }
    },
  };
}

const TRIES = 2;
const PAUSE_MS = 100;

/** Tries once more when the error is retryable. The client counts the tries of a step by itself. */
export async function withRetry<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || (error as { retryable?: unknown }).retryable !== true) throw error;
      await pause(PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

/** Waits for both results. Unlike `Promise.all`, it leaves nothing running when one of them fails. */
export async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

export const shownTime = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function shownBytes(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  if (bytes < 1e3) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const lineOf = (name: string, records: string, bytes = '', ms?: number): string =>
  `  ${name.padEnd(16)}${records.padStart(16)}${bytes.padStart(12)}${(ms === undefined ? '' : shownTime(ms)).padStart(10)}`.trimEnd();

const codeOf = (error: unknown): string => {
  const code = (error as { error_code?: unknown } | null)?.error_code;
  return typeof code === 'string' ? `${code}: ` : '';
};
