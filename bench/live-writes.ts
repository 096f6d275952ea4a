import type { Key } from '../adapters/dynamodb/items.ts';
import { unpackRun } from '../adapters/dynamodb/run-codec.ts';
import { NEVER, nextRunItem, type RunItem } from '../adapters/dynamodb/run-item.ts';
import { liveTable } from '../adapters/dynamodb/table.ts';
import { type Instant, instantOf } from '../core/instant.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { checkedAtOf, nextCheckOf } from '../core/run/next-checks.ts';
import { foldRuns } from '../core/run/run-fold.ts';
import { viewOf } from '../core/run/run-view.ts';
import type { Event } from '../core/schema/event.ts';
import { trackRuns } from '../flows/track.ts';

/** Of one run: how often the live table is written, what DynamoDB bills for it, and how much it stores at the end. */
export interface LiveWrites {
  readonly writes: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Of the writes, how many the clock made, which looks at open runs every minute. */
  readonly checks: number;
  readonly storedBytes: number;
}

const MINUTE_MS = 60_000;

/**
 * Tracks the events of one run as they land, an object each `flushSeconds`, with the product's own code, while the clock
 * plans its next check anew whenever the planned one has come.
 */
export async function liveWritesOf(events: readonly Event[], flushSeconds: number): Promise<LiveWrites> {
  const landed = Map.groupBy(events, (event) => Math.floor(Date.parse(event.event_time) / (flushSeconds * 1000)));
  let stored: RunItem | undefined;
  const total = { writes: 0, writeUnits: 0, readUnits: 0, checks: 0 };
  const store = (item: RunItem): void => {
    total.writes += 1;
    total.writeUnits += Math.ceil(Math.max(sizeOf(stored), sizeOf(item)) / 1024) + indexWrites(stored, item);
    stored = item;
  };
  const live: Pick<LiveStore, 'updateRuns'> = {
    async updateRuns(runs, update) {
      for (const arriving of runs) {
        total.readUnits += Math.max(1, Math.ceil(sizeOf(stored) / 4096));
        const next = update(stored && unpackRun(stored.run), arriving);
        const item = next && nextRunItem(stored, next.run, next.index, 1_762_000_000);
        if (item !== undefined) store(item);
      }
      return [];
    },
  };
  let clockMs = 0;
  for (const [window, some] of landed) {
    const landedMs = (window + 1) * flushSeconds * 1000;
    for (clockMs ||= landedMs; clockMs < landedMs; clockMs += MINUTE_MS) {
      const now = instantOf(clockMs);
      if (stored?.open === undefined || (stored.next_check_at ?? NEVER) > now) continue;
      const { item, reads } = checked(stored, now);
      total.readUnits += reads;
      total.checks += 1;
      store(item);
    }
    await trackRuns(live as LiveStore, foldRuns(some));
  }
  if (stored === undefined || viewOf(unpackRun(stored.run)).run.status !== 'SUCCESS')
    throw new Error('expected the run to be stored as SUCCESS, but it was not');
  return { ...total, storedBytes: sizeOf(stored) };
}

/** What `dueRuns` and `markChecked` make of a run whose planned check has come, and how often they read it. */
function checked(item: RunItem, now: Instant): { readonly item: RunItem; readonly reads: number } {
  const due = nextCheckOf(item.check_times, item.checked_at);
  if (due === undefined || due > now) return { item: { ...item, next_check_at: due ?? NEVER }, reads: 1 };
  const checked_at = checkedAtOf(item.checked_at, now);
  return { item: { ...item, checked_at, next_check_at: nextCheckOf(item.check_times, checked_at) ?? NEVER }, reads: 2 };
}

/** An entry that appears or goes is one write; one that moves is two. */
function indexWrites(before: RunItem | undefined, after: RunItem): number {
  const entry = (item: RunItem | undefined, names: readonly string[]): string | undefined => {
    const keys = names.map((name) => (item as (Key & Record<string, unknown>) | undefined)?.[name]);
    return keys.includes(undefined) ? undefined : JSON.stringify(keys);
  };
  return liveTable.indexes.reduce((writes, { partitionKey, sortKey }) => {
    const [was, is] = [entry(before, [partitionKey, sortKey]), entry(after, [partitionKey, sortKey])];
    return was === is ? writes : writes + (was === undefined ? 0 : 1) + (is === undefined ? 0 : 1);
  }, 0);
}

/** As DynamoDB counts: names and values, in UTF-8, and three bytes and one each for a list. */
const sizeOf = (item: RunItem | undefined): number =>
  Object.entries(item ?? {}).reduce(
    (size, [name, value]) => size + name.length + (value === undefined ? -name.length : bytesOf(value)),
    0,
  );

const bytesOf = (value: unknown): number => {
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return 3 + value.reduce((size: number, each) => size + 1 + bytesOf(each), 0);
  return typeof value === 'number' ? 8 : Buffer.byteLength(String(value));
};
