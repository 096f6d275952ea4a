import { expect, test } from 'vitest';
import { type HoldOptions, withLeases } from '../../aws/with-leases.ts';
import { epochMsOf } from '../../core/instant.ts';
import type { WriterLease } from '../../core/ports/writer-lease.ts';
import { NOW } from '../cli/fakes.ts';
import { aClock } from '../fakes/clock.ts';
import { aWriterLease } from '../fakes/writer-lease.ts';

const LOOK_MS = 5_000;

/** Leases that another holder has for so many looks. Pauses move the clock. */
function leases(heldFor: Readonly<Record<string, number>> = {}) {
  const done: string[] = [];
  const clock = aClock(NOW);
  const lease = aWriterLease();
  for (const [name, looks] of Object.entries(heldFor)) lease.hold(name, 'another', epochMsOf(NOW) + looks * LOOK_MS);
  const recorded: WriterLease = {
    ...lease,
    acquire: async (name, ...args) => {
      const got = await lease.acquire(name, ...args);
      if (got !== null) done.push(`took ${name}`);
      return got;
    },
    release: async (name, holder, fence) => {
      await lease.release(name, holder, fence);
      done.push(`gave back ${name} ${fence}`);
    },
  };
  const stop = new AbortController();
  const options: HoldOptions = {
    lease: recorded,
    clock,
    pause: async (delayMs) => clock.pass(delayMs),
    onWaiting: (name) => done.push(`waited for ${name}`),
    onLost: (name) => done.push(`lost ${name}`),
    signal: stop.signal,
  };
  return { done, options, stop };
}

test('holds every lease while it works, and gives all of them back', async () => {
  const { done, options } = leases({ b: 3 });
  const answer = await withLeases(['a', 'b'], options, async () => {
    done.push('worked');
    return 1;
  });
  expect(answer).toBe(1);
  expect(done).toEqual(['took a', 'waited for b', 'took b', 'worked', 'gave back a 1', 'gave back b 2']);
});

test('gives back what it has when the work fails, or when it is told to stop waiting', async () => {
  const failing = leases();
  await expect(withLeases(['a'], failing.options, () => Promise.reject(new Error('oh')))).rejects.toThrow('oh');
  expect(failing.done).toEqual(['took a', 'gave back a 1']);

  const { done, options, stop } = leases({ b: 1000 });
  const pause = async () => stop.abort(new Error('enough'));
  await expect(withLeases(['a', 'b'], { ...options, pause }, async () => 1)).rejects.toThrow('enough');
  expect(done).toEqual(['took a', 'waited for b', 'gave back a 1']);
});

test('does not wait for ever', async () => {
  const { options } = leases({ a: 1000 });
  await expect(withLeases(['a'], options, async () => 1)).rejects.toThrow(
    'a has been written by somebody else for twenty minutes; `doctor` says by whom. Nothing was changed: try again later',
  );
});
