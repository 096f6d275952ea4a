import { type Event, eventSchema } from '../event.ts';
import type { LiveStore, ObjectStore } from '../ports.ts';
import { isStamped } from './reaccept.ts';
import { foldRuns, trackRuns } from './track.ts';

const utf8 = new TextDecoder();

/** The accepted events of a landed object. Lines accept did not write are passed over: compaction counts them. */
export function eventsOf(content: Uint8Array): readonly Event[] {
  return utf8
    .decode(content)
    .split('\n')
    .flatMap((line) => {
      if (!isStamped(line)) return [];
      try {
        const parsed = eventSchema.safeParse(JSON.parse(line));
        return parsed.success ? [parsed.data] : [];
      } catch {
        return [];
      }
    });
}

/**
 * Records objects that landed and are not known yet, before opening them. What was recorded and never tracked, because
 * the ledger stopped in between, is left for `trackRecorded`.
 */
export async function recordLanded(store: ObjectStore, live: LiveStore): Promise<number> {
  let recorded = 0;
  for await (const { key, size_bytes } of store.list('raw/')) {
    if (await live.hasObject(key)) continue;
    await live.recordObjects([{ object: key, lines: 0, size_bytes, event_dates: [] }]);
    recorded += 1;
  }
  return recorded;
}

/** Tracks every object that is recorded only: reads its lines and merges their runs. Safe to repeat. */
export async function trackRecorded(store: ObjectStore, live: LiveStore): Promise<number> {
  let tracked = 0;
  for (;;) {
    const [next] = await live.objectsAt('recorded', 0);
    if (next === undefined) return tracked;
    const events = eventsOf(await store.get(next.object));
    const dates = await trackRuns(live, foldRuns(events));
    await live.markTracked(next.object, [...new Set(events.map((event) => event.event_date))].sort(), dates);
    tracked += 1;
  }
}
