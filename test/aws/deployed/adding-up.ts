import { expect } from 'vitest';
import { isStamped } from '../../../core/schema/canonical-line.ts';
import type { Event } from '../../../core/schema/event.ts';
import { eventsOf } from '../../../flows/landed-events.ts';
import type { Ledger } from './ledger.ts';
import { dayAgo } from './told.ts';

const utf8 = new TextDecoder();
/** Landed objects are never changed: each is read once. */
const read = new Map<string, { readonly lines: readonly string[]; readonly events: readonly Event[] }>();

/** Every landed object and its lines. */
export async function landedObjects({ store, keysIn }: Ledger) {
  for (const key of await keysIn('raw/')) {
    if (read.has(key)) continue;
    const content = isPoisoned(key) ? new Uint8Array() : await store.get(key);
    read.set(key, { lines: utf8.decode(content).split('\n').slice(0, -1), events: eventsOf(content) });
  }
  return read;
}

/** Every distinct event that landed. */
export async function landedEvents(ledger: Ledger): Promise<readonly Event[]> {
  const events = [...(await landedObjects(ledger)).values()].flatMap((each) => each.events);
  return [...new Map(events.map((event) => [event.event_key, event])).values()];
}

/**
 * What holds whenever the ledger has come to rest, whatever happened before: no object is left behind, every line is
 * accounted for, and the rows are the distinct events. Of objects that are poisoned, which their names say, nothing is.
 */
export async function expectToAddUp(ledger: Ledger): Promise<void> {
  const { objects, lines, ...summary } = await ledger.settle();
  const all = [...(await landedObjects(ledger))];
  const landed = all.filter(([key]) => !isPoisoned(key));
  // The store tells them by key; what was read stands in the order in which it was found.
  const parked = all
    .map(([key]) => key)
    .filter(isPoisoned)
    .sort();
  expect(summary.parked.map(({ object }) => object)).toEqual(parked);
  expect(objects).toEqual({ ...none, summarized: landed.length, parked: parked.length });
  const inRaw = landed.flatMap(([, each]) => each.lines);
  expect(lines.lines, 'every line is counted').toBe(inRaw.length);
  expect(lines.inserted + lines.duplicates + lines.unreadable + lines.unaccepted).toBe(lines.lines);
  expect(lines.unaccepted).toBe(inRaw.filter((line) => !isStamped(line)).length);
  const distinct = new Set(landed.flatMap(([, { events }]) => events.map(({ event_key }) => event_key)));
  expect(lines.inserted, 'every distinct event is inserted once').toBe(distinct.size);
  const kept = new Set(
    landed.flatMap(([, { events }]) =>
      events.filter(({ event_date }) => event_date >= KEPT_SINCE.logs).map(({ event_key }) => event_key),
    ),
  );
  const [rows] = await ledger.ask(
    `select cast(count(*) as bigint) as n, cast(count(distinct event_key) as bigint) as keys
    from pipeline_logs
    where event_date >= date '${KEPT_SINCE.logs}'`,
    { n: { type: 'bigint', comment: 'rows' }, keys: { type: 'bigint', comment: 'distinct events' } },
  );
  expect(rows).toEqual({ n: kept.size, keys: kept.size });
}

export const isPoisoned = (key: string): boolean => key.includes('poisoned');

/** The first days that the tables of a default deployment hold; what is older is forgotten at night. */
export const KEPT_SINCE = { logs: dayAgo(400), summaries: dayAgo(1095) };

const none = { recorded: 0, tracked: 0, compacted: 0, forgotten: 0 };
