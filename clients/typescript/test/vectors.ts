import { readdirSync, readFileSync } from 'node:fs';
import type { LedgerOptions } from '../src/index.ts';
import type { Run } from '../src/run.ts';
import type { RunOptions } from '../src/run-options.ts';
import type { Step, StepOptions } from '../src/step.ts';
import type { FakeRuntime } from './a-runtime.ts';

const FOLDER = new URL('../../vectors/', import.meta.url);

export type Call = readonly [name: string, ...args: unknown[]];

export interface RunVector {
  readonly name: string;
  readonly ledger: LedgerOptions;
  /** The environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly run: RunOptions;
  readonly calls: readonly Call[];
  /** The exact bytes. */
  readonly lines: string;
}

/** A file of vectors, with what stands for a value that JSON has not. */
export const vectors = <Case>(file: string): readonly Case[] => readValue(JSON.parse(read(file))) as readonly Case[];

export const runVectors = (): readonly RunVector[] =>
  readdirSync(new URL('runs/', FOLDER))
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const name = file.slice(0, -'.json'.length);
      return {
        ...(readValue(JSON.parse(read(`runs/${file}`))) as Omit<RunVector, 'name' | 'lines'>),
        name,
        lines: read(`runs/${name}.ndjson`),
      };
    });

const read = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');

function readValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(readValue);
  const { $date, $bigint, $repeat } = value as Record<string, never>;
  if ($date !== undefined) return new Date($date);
  if ($bigint !== undefined) return BigInt($bigint);
  if ($repeat !== undefined) return ($repeat as [string, number])[0].repeat(($repeat as [string, number])[1]);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, readValue(one)]));
}

export type ErrorVector =
  | string
  | {
      readonly name?: string;
      readonly message: string;
      readonly cause?: ErrorVector;
      readonly [field: string]: unknown;
    };

/** An error without a stack, as another language would have another one. */
export function errorOf(described: ErrorVector): unknown {
  if (typeof described === 'string') return described;
  const { message, cause, ...fields } = described;
  const error = cause === undefined ? new Error(message) : new Error(message, { cause: errorOf(cause) });
  return Object.assign(error, { stack: undefined }, fields);
}

/** Makes the calls in their order, each on the step or run that it stands in. */
export async function play(calls: readonly Call[], run: Run, work: Run | Step, runtime: FakeRuntime): Promise<void> {
  for (const [name, ...args] of calls) {
    if (name === 'advance') runtime.advance(args[0] as number);
    else if (name === 'step')
      await run.step(args[0] as string, args[1] as StepOptions, (step) => play(args[2] as Call[], run, step, runtime));
    else if (name === 'skip_if_done') run.skipIfDone(args[0] as string, args[1] as object);
    else if (name === 'skip_step') run.skipStep(args[0] as string, args[1] as string);
    else if (name === 'error') work.error(errorOf(args[0] as ErrorVector), args[1] as object);
    else if (name === 'fail') work.fail(errorOf(args[0] as ErrorVector), args[1] as object);
    else await (work as unknown as Record<string, (...args: unknown[]) => unknown>)[name]?.(...args);
  }
}
