import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ledger, type RunOptions, type Transport, TransportError } from '../src/index.ts';
import { aLedger } from './a-ledger.ts';
import { aRuntime, type FakeRuntime } from './a-runtime.ts';

const circular: Record<string, unknown> = {};
circular.self = circular;
const throwing = {
  get message(): never {
    throw new Error('from a getter');
  },
  get name(): never {
    throw new Error('from a getter');
  },
  toJSON(): never {
    throw new Error('from toJSON');
  },
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();

const BAD_VALUES: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  -1,
  1.5,
  '',
  '\0\ud800',
  10n ** 30n,
  Symbol('s'),
  () => 1,
  [],
  circular,
  throwing,
  revoked.proxy,
  new Date(Number.NaN),
  new Map(),
  Object.create(null),
];
/** By its place: fast-check looks into what it generates, and not all of these bear that. */
const badPlace = fc.nat({ max: BAD_VALUES.length - 1 });
// biome-ignore lint/suspicious/noExplicitAny: a host without types may give anything.
const badAt = (place: number): any => BAD_VALUES[place];

/** Transports of every temper. The runtime fires all timers at once, so nothing waits for a clock. */
const transports: fc.Arbitrary<Transport> = fc.constantFrom<Transport[]>(
  { send: async () => undefined },
  { send: () => Promise.reject(new TransportError('may pass', { retryable: true })) },
  { send: () => Promise.reject(new TransportError('final', { retryable: false })) },
  { send: () => Promise.reject(undefined) },
  { send: () => new Promise(() => undefined) },
  {
    send: () => {
      throw throwing;
    },
  },
  { send: (() => 'no promise') as unknown as Transport['send'] },
  { send: (async () => ({ rejected: 'many' })) as unknown as Transport['send'] },
);
const impatient = (): FakeRuntime => aRuntime({ firesAtOnce: () => true });

describe('the host', () => {
  test('always gets its value, whatever the transport does', async () => {
    await fc.assert(
      fc.asyncProperty(transports, fc.anything(), async (transport, value) => {
        const ledger = new Ledger({ transport, onError: () => undefined }, impatient());
        const got = await ledger.run({ process_name: 'a' }, (run) => run.step('b', () => [value] as const));
        await ledger.close();
        expect(got[0]).toBe(value);
        const { emitted, sent, dropped, pending } = ledger.stats();
        expect([sent + dropped, pending]).toEqual([emitted, 0]);
      }),
    );
  });

  test('always gets its error, the same object, whatever the transport does', async () => {
    await fc.assert(
      fc.asyncProperty(transports, badPlace, fc.boolean(), async (transport, place, inStep) => {
        const error = badAt(place);
        const ledger = new Ledger({ transport, onError: () => undefined }, impatient());
        const fail = () => {
          throw error;
        };
        const outcome = await ledger
          .run({ process_name: 'a' }, (run) => (inStep ? run.step('b', fail) : fail()))
          .then(
            () => expect.unreachable(),
            (caught: unknown) => [caught],
          );
        await ledger.close();
        expect(outcome[0]).toBe(error);
      }),
    );
  });

  test('is not broken by a bad value in any method', async () => {
    await fc.assert(
      fc.asyncProperty(badPlace, badPlace, async (placeOfA, placeOfB) => {
        const a = badAt(placeOfA);
        const b = badAt(placeOfB);
        const { ledger, sent } = aLedger();
        await ledger.run(
          { process_name: 'good', run_id: a, scheduled_for: b, params: { a, b }, cluster: a, sla: b },
          async (run) => {
            for (const work of [run, await run.step(a, b ?? {}, (step) => step).catch(() => run)]) {
              work.count(a);
              work.count({ records_in: a });
              work.source(a);
              work.target({ path: a, size_bytes: b });
              work.metric(a, b);
              work.quality(a);
              work.quality({ check_name: a, success: b });
              work.heartbeat(a);
              work.checkpoint(a, b);
              work.error(a, b);
              work.fail(a, { error_code: b });
            }
            run.skipStep(a, b, a);
            await run.end(a, b);
          },
        );
        ledger.startRun(a);
        ledger.startRun({ process_name: a, environment: b, tags: a } as RunOptions);
        await ledger.flush(a);
        await ledger.flush({ timeout_ms: a });

        const events = await sent();
        expect(events.map((event) => event.producer.seq)).toEqual(events.map((_, place) => place + 1));
        expect(ledger.stats().dropped).toBe(0);
      }),
    );
  });

  test('is not broken by its own error listener', async () => {
    const transport: Transport = { send: () => Promise.reject(new Error('refused')) };
    const onError = () => {
      throw new Error('from the listener');
    };
    const ledger = new Ledger({ transport, onError }, aRuntime());

    await expect(ledger.run({ process_name: '' }, () => 1)).resolves.toBe(1);
  });

  test('learns of a bad value, and the rest of the call is used', async () => {
    const { ledger, errors, sent } = aLedger();

    await ledger.run({ process_name: 'a', sheduled_for: 'now' } as RunOptions, (run) =>
      run.count({ records_in: -1, records_out: 2 }),
    );

    expect(errors.map((error) => error.message)).toEqual([
      expect.stringMatching(/^`options`: expected one of .*scheduled_for.*, got "sheduled_for"$/),
      '`records_in`: expected an integer from 0 to 2^53-1, got -1',
    ]);
    expect((await sent()).at(-1)).toMatchObject({ records_out: 2 });
  });
});
