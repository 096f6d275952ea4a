import type { Runtime } from './runtime.ts';

/** Ids that fit one millisecond before the time is moved ahead: 12 bits count them. */
const IDS_PER_MS = 4096;

/**
 * Makes UUIDs of version 7 that sort in the order they were made, also within one millisecond and when the clock is set
 * back: the ledger breaks ties of time by id.
 */
export function timeOrderedIds(runtime: Pick<Runtime, 'now' | 'uuid'>): () => string {
  let ms = 0;
  let count = 0;
  return () => {
    const now = Math.trunc(runtime.now());
    if (now > ms) {
      ms = now;
      count = 0;
    } else if (++count === IDS_PER_MS) {
      ms++;
      count = 0;
    }
    const time = ms.toString(16).padStart(12, '0');
    // A version 4 UUID is random where version 7 is: its last two groups, with the variant, are taken as they are.
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count.toString(16).padStart(3, '0')}-${runtime.uuid().slice(19)}`;
  };
}
