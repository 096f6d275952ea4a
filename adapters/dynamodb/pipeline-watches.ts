import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { PipelineKey, PipelineWatches, Watch } from '../../core/ports/pipeline-watches.ts';
import { compareText } from '../../core/run/stamped.ts';
import { accessOf, type TableAccess, type TableSettings } from './access.ts';
import { eachBounded } from './bounded.ts';
import { changeItem, type Versioned } from './change-item.ts';
import { type Key, queryPages, readItems } from './items.ts';
import { partitionOf } from './partition-of.ts';
import { PARTITIONS } from './table.ts';

/** A watch in the table. It shares the indexes of runs, in partitions of its own. */
interface WatchItem extends Versioned {
  readonly kind: 'watch';
  /** JSON. */
  readonly watch: string;
  /** Since when it is watched. It never changes, so that the index of all watches is never written again. */
  readonly start_time: Instant;
  readonly open?: 'watch' | undefined;
  /**
   * Never later than the watch's own next check. It stays while that moves on, as with each sign of life, because moving
   * an index entry is two writes; `dueWatches` finds the true moment and plans the watch anew.
   */
  readonly next_check_at?: Instant | undefined;
  readonly expires_at: number;
}

/** A watch that nobody changes stays this long. */
const KEPT_MS = 400 * 86_400_000;
const WATCHES_PER_PAGE = 100;
const CHANGES_AT_ONCE = 8;

/**
 * Watches as items of the live table, each under a key of its own, changed by conditional writes only. Clearing the live
 * store leaves them. Refusals of the table are thrown with what to do.
 */
export function openPipelineWatches(settings: TableSettings): PipelineWatches {
  const access = accessOf(settings);
  return {
    async changeWatch(key, change) {
      let now: Watch | undefined;
      await changeItem<WatchItem>(access, watchKey(key), (item) => {
        const stored = item && watchIn(item);
        const next = change(stored);
        now = next;
        return next === stored ? undefined : watchItem(next, plannedCheck(item, next));
      });
      return now as Watch;
    },

    dueWatches: (now, limit) => dueWatches(access, now, limit),

    async listWatches() {
      const all: Watch[] = [];
      const entries = {
        IndexName: 'runs_by_start',
        KeyConditionExpression: 'kind = :watch',
        ExpressionAttributeValues: { ':watch': 'watch' },
      } as const;
      for await (const { items } of queryPages<Key>(access, entries))
        all.push(...[...(await readItems<WatchItem>(access, items)).values()].map(watchIn));
      return all.sort(
        (a, b) => compareText(a.environment, b.environment) || compareText(a.process_name, b.process_name),
      );
    },
  };
}

const watchKey = ({ environment, process_name }: PipelineKey): Key => ({
  pk: partitionOf(PARTITIONS.watch, JSON.stringify([environment, process_name])),
  sk: 'watch',
});

const watchIn = ({ watch }: WatchItem): Watch => JSON.parse(watch) as Watch;

function watchItem(watch: Watch, planned: Instant | undefined): Omit<WatchItem, keyof Versioned> {
  const { since, judged_until, next_check = judged_until } = watch;
  const last = Math.max(epochMsOf(judged_until), epochMsOf(next_check));
  return {
    kind: 'watch',
    watch: JSON.stringify(watch),
    start_time: since,
    ...(planned === undefined ? {} : { open: 'watch', next_check_at: planned }),
    expires_at: Math.ceil((last + KEPT_MS) / 1000),
  };
}

function plannedCheck(before: WatchItem | undefined, { next_check }: Watch): Instant | undefined {
  const planned = before?.next_check_at;
  return next_check === undefined || planned === undefined || planned > next_check ? next_check : planned;
}

/** In the order in which they were planned. One whose check has moved on since is planned anew. */
async function dueWatches(access: TableAccess, now: Instant, limit: number): Promise<readonly Watch[]> {
  const due: Watch[] = [];
  if (limit <= 0) return due;
  const planned = {
    IndexName: 'open_runs',
    KeyConditionExpression: '#open = :watch and next_check_at <= :now',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':watch': 'watch', ':now': now },
    Limit: Math.min(WATCHES_PER_PAGE, limit),
  } as const;
  for await (const { items } of queryPages<Key>(access, planned)) {
    const stored = await readItems<WatchItem>(access, items.slice(0, limit - due.length));
    await eachBounded([...stored.values()], CHANGES_AT_ONCE, async (item) => {
      const watch = watchIn(item);
      if (watch.next_check !== undefined && watch.next_check <= now) due.push(watch);
      else await planAnew(access, item);
    });
    if (due.length >= limit) break;
  }
  return due.sort((a, b) => ((a.next_check ?? '') < (b.next_check ?? '') ? -1 : 1));
}

/** When another writer has changed it meanwhile, it is planned as it is then. */
async function planAnew(access: TableAccess, key: Key): Promise<void> {
  await changeItem<WatchItem>(access, key, (item) => {
    const watch = item && watchIn(item);
    return watch === undefined || item?.next_check_at === watch.next_check
      ? undefined
      : watchItem(watch, watch.next_check);
  });
}
