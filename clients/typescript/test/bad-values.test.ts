import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { aLedger, inShort } from './a-ledger.ts';
import { aRuntime } from './a-runtime.ts';

const cycle: unknown[] = [1];
cycle.push(cycle);

/** As libraries of exact numbers have it. */
class Decimal {
  readonly #digits: string;
  constructor(digits: string) {
    this.#digits = digits;
  }
  toJSON(): string {
    return this.#digits;
  }
}

async function told(params: Record<string, unknown>) {
  const { ledger, sent, errors } = aLedger();
  await ledger.run({ process_name: 'a', params }, () => undefined);
  return { params: (await sent())[0]?.params, problems: errors.map(({ message }) => message) };
}

describe('a value', () => {
  test.each<[unknown, string | undefined]>([
    [true, 'true'],
    [1.0, '1'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [10n ** 30n, `1${'0'.repeat(30)}`],
    [new Decimal('1.10'), '1.10'],
    [Buffer.from([0x63, 0x61, 0x66, 0xc3, 0xa9, 0xff]), 'café\ufffd'],
    [new Date('2026-11-03T00:00:00-05:00'), '2026-11-03T05:00:00.000Z'],
    [{ a: [1, new Set([2])], b: null, c: Number.NaN, d: undefined, e: () => 1 }, '{"a":[1,[2]],"b":null,"c":null}'],
    [new Map([['k', 1n]]), '{"k":"1"}'],
    [new URL('s3://raw/orders'), 's3://raw/orders'],
    [new TypeError('bad'), 'TypeError: bad'],
    ['a\ud800b\0', 'a\ufffdb\ufffd'],
    [null, undefined],
  ])('%o becomes text', async (value, text) => {
    expect(await told({ value })).toEqual({ params: { value: text }, problems: [] });
  });

  test('that contains itself ends somewhere', async () => {
    expect((await told({ cycle })).params.cycle).toContain('[nested too deep]');
  });

  test('that has no text is left out with a complaint', async () => {
    const unreadable = {
      toJSON() {
        throw new Error('no text');
      },
    };

    expect(await told({ unreadable, good: 1 })).toEqual({ params: { good: '1' }, problems: ['no text'] });
  });

  test('that is a time without a zone is sent as it is: the ledger reads it in its own', async () => {
    const { ledger, sent } = aLedger();
    await ledger.run({ process_name: 'a', scheduled_for: '2026-11-03T02:00:00' }, () => undefined);

    expect((await sent())[0]?.scheduled_for).toBe('2026-11-03T02:00:00');
  });

  test.each([5, 5n, 0])('%s is a count', async (records_out) => {
    const { ledger, sent, errors } = aLedger();
    await ledger.run({ process_name: 'a' }, (run) => run.records({ out: records_out }));

    expect((await sent()).at(-1)?.records_out).toBe(Number(records_out));
    expect(errors).toEqual([]);
  });

  test.each([true, -1, 1.5, Number.NaN, '5', 2 ** 53, [5]])('%j is no count', async (out) => {
    const { ledger, sent, errors } = aLedger();
    await ledger.run({ process_name: 'a' }, (run) => run.records({ out: out as number }));

    expect((await sent()).at(-1)?.records_out).toBeUndefined();
    expect(errors).toHaveLength(1);
  });
});

test('a message of ten megabytes is cut, and fits a record', async () => {
  const { ledger, transport } = aLedger();
  await ledger.run({ process_name: 'a' }, (run) => run.checkpoint('x '.repeat(5_000_000)));

  expect(transport.events[1]?.message).toMatch(/…\[cut\]$/);
  expect(transport.calls.flat().every(({ length }) => length <= 1_024_000)).toBe(true);
});

test('an error whose text cannot be read is told all the same', async () => {
  const { ledger, sent } = aLedger();
  class Unreadable extends Error {
    override get message(): string {
      throw new Error('no text');
    }
    override toString(): string {
      throw new Error('no text');
    }
  }
  const error = new Unreadable();
  await expect(ledger.run({ process_name: 'a' }, () => Promise.reject(error))).rejects.toBe(error);

  expect((await sent())[1]?.error).toMatchObject({ error_code: 'U900', message: expect.stringMatching(/./) });
});

test('a step that is left open fails a run that nobody said to have succeeded', async () => {
  const { ledger, sent } = aLedger();
  const run = ledger.startRun({ process_name: 'a' });
  run.startStep('load');
  await run.end();

  expect((await sent()).at(-1)).toMatchObject({
    status: 'FAILED',
    error: { message: expect.stringContaining('its step "load" was still running') },
  });
});

test('a run may be ended from anywhere, once, and its function goes on', async () => {
  const { ledger, sent } = aLedger();
  await ledger.run({ process_name: 'a' }, async (run) => {
    setImmediate(() => void run.end('CANCELLED'));
    await turn();
    await turn();
    await run.step('late', () => undefined);
  });

  expect(inShort(await sent())).toEqual([
    'RUN_START RUNNING',
    'RUN_END CANCELLED',
    'STEP_START late RUNNING',
    'STEP_END late SUCCESS',
  ]);
});

test('a clock that is set back or ahead changes no duration, and no order of ids', async () => {
  const runtime = aRuntime();
  const { ledger, sent } = aLedger({}, undefined, runtime);
  await ledger.run({ process_name: 'a' }, async (run) => {
    runtime.advance(40);
    runtime.setWallClock(1_000);
    await run.step('back', () => runtime.advance(2));
    runtime.setWallClock(4e12);
    await run.step('ahead', () => runtime.advance(3));
  });

  const events = await sent();
  const ids = events.map(({ event_id }) => event_id);
  expect(events.filter(({ duration_ms }) => duration_ms !== undefined).map(({ duration_ms }) => duration_ms)).toEqual([
    2, 3, 45,
  ]);
  expect([...ids].sort()).toEqual(ids);
});

test('thousands of sources are bounded, and said once each', async () => {
  const { ledger, sent, errors } = aLedger();
  await ledger.run({ process_name: 'a' }, (run) => {
    for (let each = 0; each < 1_001; each++) run.source({ path: `s3://raw/${each}` });
  });

  expect((await sent()).at(-1)?.input_sources).toHaveLength(1_000);
  expect(errors).toHaveLength(1);
});
