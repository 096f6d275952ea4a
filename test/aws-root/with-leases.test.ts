import { expect, test } from 'vitest';
import { type HoldOptions, withLeases } from '../../aws/with-leases.ts';
import type { WriterLease } from '../../core/ports/writer-lease.ts';
import { NOW } from '../cli/fakes.ts';

/** A lease of each name that others hold for so many looks. */
function leases(heldFor: Readonly<Record<string, number>> = {}) {
  const done: string[] = [];
  const left = { ...heldFor };
  const lease: WriterLease = {
    acquire: async (name) => {
      if ((left[name] ?? 0) > 0) {
        left[name] = (left[name] ?? 0) - 1;
        return null;
      }
      done.push(`took ${name}`);
      return { fence: 7 };
    },
    renew: async () => true,
    release: async (name, _, fence) => {
      done.push(`gave back ${name} ${fence}`);
    },
  };
  const stop = new AbortController();
  const options: HoldOptions = {
    lease,
    clock: { now: () => NOW },
    pause: async () => undefined,
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
  expect(done).toEqual(['took a', 'waited for b', 'took b', 'worked', 'gave back a 7', 'gave back b 7']);
});

test('gives back what it has when the work fails, or when it is told to stop waiting', async () => {
  const failing = leases();
  await expect(withLeases(['a'], failing.options, () => Promise.reject(new Error('oh')))).rejects.toThrow('oh');
  expect(failing.done).toEqual(['took a', 'gave back a 7']);

  const { done, options, stop } = leases({ b: 1000 });
  const pause = async () => stop.abort(new Error('enough'));
  await expect(withLeases(['a', 'b'], { ...options, pause }, async () => 1)).rejects.toThrow('enough');
  expect(done).toEqual(['took a', 'waited for b', 'gave back a 7']);
});

test('does not wait for ever', async () => {
  const { options } = leases({ a: 1000 });
  await expect(withLeases(['a'], options, async () => 1)).rejects.toThrow(
    'a has been written by somebody else for twenty minutes; `doctor` says by whom. Nothing was changed: try again later',
  );
});
