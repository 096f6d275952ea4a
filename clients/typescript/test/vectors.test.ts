import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { errorInfoOf } from '../src/error-info.ts';
import type { Event } from '../src/event.ts';
import { lineOf } from '../src/line.ts';
import { packCall } from '../src/pack.ts';
import { aLedger, aTransport } from './a-ledger.ts';
import { aRuntime } from './a-runtime.ts';
import { type ErrorVector, errorOf, play, runVectors, vectors } from './vectors.ts';

interface LineVector {
  readonly name: string;
  readonly event: Event;
  readonly line?: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

interface ErrorCase {
  readonly error: ErrorVector;
  readonly details?: object;
  readonly info: object;
}

interface PackingVector {
  readonly name: string;
  /** Sizes of lines, and how many of each. */
  readonly sizes: readonly (readonly [sizeBytes: number, count: number])[];
  readonly records: readonly number[];
}

describe('what a pipeline sends is what every client sends', () => {
  test.each(runVectors())('$name', async ({ ledger: options, env, run: described, calls, lines }) => {
    const { ledger, transport, runtime } = aLedger(
      { ...options, heartbeats: false },
      aTransport(),
      aRuntime(env && { env }),
    );
    const run = ledger.startRun(described);
    await play(calls, run, run, runtime);
    await ledger.flush();

    expect(Buffer.concat(transport.calls.flat()).toString()).toBe(lines);
  });
});

describe('the line of an event is what every client writes', () => {
  test.each(vectors<LineVector>('lines.json'))('$name', ({ event, line, bytes, sha256 }) => {
    const written = lineOf(event);

    if (line !== undefined) expect(Buffer.from(written).toString()).toBe(`${line}\n`);
    else
      expect({ bytes: written.length, sha256: createHash('sha256').update(written).digest('hex') }).toEqual({
        bytes,
        sha256,
      });
  });
});

describe('an error is classed as in every client', () => {
  test.each(vectors<ErrorCase>('errors.json'))('$error', ({ error, details, info }) => {
    expect(JSON.parse(JSON.stringify(errorInfoOf(errorOf(error), details)))).toEqual(info);
  });
});

describe('lines are packed as in every client', () => {
  test.each(vectors<PackingVector>('packing.json'))('$name', ({ sizes, records }) => {
    const lines = sizes.flatMap(([sizeBytes, count]) =>
      Array.from({ length: count }, () => ({ bytes: { length: sizeBytes } as Uint8Array })),
    );

    expect(packCall(lines).map((record) => record.lines.length)).toEqual(records);
  });
});

describe('numbers are written as in every client', () => {
  test.each(vectors<readonly [number, string]>('numbers.json'))('%d', (number, text) => {
    expect(JSON.stringify(number)).toBe(text);
  });
});
