import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs, type Refusal, sendUntilTaken } from '../../core/retry.ts';

const BACKOFF = { firstDelayMs: 100, maxDelayMs: 1_000 };

/** Waits in no time, and notes how long it would have. */
function waiting(random: () => number = () => 1) {
  const pauses: number[] = [];
  return { pauses, pause: async (delayMs: number) => pauses.push(delayMs), random };
}

/** A service that refuses, call by call, what these say; then nothing. */
function aService(...refusals: readonly (readonly string[])[]) {
  const sent: (readonly string[])[] = [];
  const send = async (items: readonly string[]): Promise<Refusal<string>> => {
    sent.push(items);
    return { refused: refusals[sent.length - 1] ?? [], why: `call ${sent.length}` };
  };
  return { sent, send };
}

test('the ceiling of a pause doubles until the longest', () => {
  expect([0, 1, 2, 3, 4, 60].map((pauses) => backoffMs(BACKOFF, pauses, () => 1))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ]);
});

test('a pause is any whole number of milliseconds from 0 to its ceiling', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (pauses, chance) => {
      const delayMs = backoffMs(BACKOFF, pauses, () => chance);
      expect(Number.isInteger(delayMs)).toBe(true);
      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThanOrEqual(backoffMs(BACKOFF, pauses, () => 1));
    }),
  );
  expect(backoffMs(BACKOFF, 3, () => 0)).toBe(0);
  expect(backoffMs(BACKOFF, 3, () => 0.25)).toBe(200);
});

test('what is taken at once is sent once, without a pause', async () => {
  const { sent, send } = aService();
  const { pauses, ...wait } = waiting();
  expect((await sendUntilTaken(['a', 'b'], send, { maxTries: 3, ...BACKOFF, ...wait })).refused).toEqual([]);
  expect(sent).toEqual([['a', 'b']]);
  expect(pauses).toEqual([]);
});

test('only what was refused is sent again, with longer pauses', async () => {
  const { sent, send } = aService(['a', 'c'], ['c']);
  const { pauses, ...wait } = waiting();
  expect((await sendUntilTaken(['a', 'b', 'c'], send, { maxTries: 5, ...BACKOFF, ...wait })).refused).toEqual([]);
  expect(sent).toEqual([['a', 'b', 'c'], ['a', 'c'], ['c']]);
  expect(pauses).toEqual([100, 200]);
});

test('what is refused to the end is given back with the last reason, and no pause follows', async () => {
  const { sent, send } = aService(['a', 'b'], ['b'], ['b']);
  const { pauses, ...wait } = waiting();
  const left = await sendUntilTaken(['a', 'b'], send, { maxTries: 3, ...BACKOFF, ...wait });
  expect(left).toEqual({ refused: ['b'], why: 'call 3' });
  expect(sent).toHaveLength(3);
  expect(pauses).toHaveLength(2);
});

test('a failure of the call itself is thrown at once', async () => {
  const { pauses, ...wait } = waiting();
  const failing = () => Promise.reject(new Error('no such stream'));
  await expect(sendUntilTaken(['a'], failing, { maxTries: 3, ...BACKOFF, ...wait })).rejects.toThrow('no such stream');
  expect(pauses).toEqual([]);
});
