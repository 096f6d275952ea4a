import { createHash } from 'node:crypto';
import type { Instant } from '../../core/instant.ts';
import type { WatermarkLine } from '../../core/recovery/watermark.ts';
import type { Run } from '../../core/run/run.ts';
import { furthest, isWithdrawn, mayHaveSucceeded, type Watermark, watermarkOf } from '../../core/run/watermark.ts';
import { accessOf, backOff, type TableAccess, type TableSettings } from './access.ts';
import { eachBounded } from './bounded.ts';
import { changeItem, type Versioned } from './change-item.ts';
import { type Key, keyText, readItems } from './items.ts';
import { listRuns } from './list-runs.ts';
import { partitionOf } from './partition-of.ts';
import { unpackRun } from './run-codec.ts';
import { type RunItem, runKey } from './run-item.ts';
import { PARTITIONS } from './table.ts';
import { type Action, writeTogether } from './transaction.ts';

/**
 * How far a pipeline's data has come in one environment. The clients read it: `docs/watermarks.md` is its layout. It does not
 * expire, and `clear` leaves it: a job that finds none loads everything.
 */
export interface WatermarkItem extends Key, Watermark {
  readonly environment: string;
  readonly process_name: string;
  /** When a person set it last, and to what; absent: to none. */
  readonly set_at?: Instant | undefined;
  readonly set_until?: Instant | undefined;
  /** Goes up by one with every write. */
  readonly version: number;
}

const PIPELINES_AT_ONCE = 8;
const MAX_TRIES = 20;
/** When a watermark is withdrawn, it is looked for anew among so many runs, the latest first. */
const MAX_SEARCHED = 1_000;
const MAX_SORT_KEY_BYTES = 1024;

export function watermarkKey({ process_name, environment }: Pick<Run, 'process_name' | 'environment'>): Key {
  const fits = Buffer.byteLength(environment) <= MAX_SORT_KEY_BYTES;
  return {
    pk: partitionOf(PARTITIONS.watermark, process_name),
    sk: fits ? environment : createHash('sha256').update(environment).digest('base64url'),
  };
}

/** Sets a watermark by hand: runs that end later move it on. What was set later stays; repeating it changes nothing. */
export async function setWatermark(settings: TableSettings, line: WatermarkLine): Promise<void> {
  const { environment, process_name, data_until, set_at } = line;
  await changeItem<WatermarkItem & Versioned>(accessOf(settings), watermarkKey(line), (stored) => {
    if (stored?.set_at !== undefined && stored.set_at >= set_at) return undefined;
    const { last_success_at, last_success_run_id } = stored ?? {};
    return {
      ...{ environment, process_name, last_success_at, last_success_run_id },
      ...{ data_until, set_at, set_until: data_until },
    };
  });
}

/** Moves the watermarks of these runs' pipelines to where their successful runs are. Repeating it changes nothing. */
export async function moveWatermarks(access: TableAccess, runs: readonly Run[]): Promise<void> {
  const pipelines = Map.groupBy(runs.filter(mayHaveSucceeded), (run) => keyText(watermarkKey(run)));
  await eachBounded([...pipelines.values()] as [Run, ...Run[]][], PIPELINES_AT_ONCE, (some) => move(access, some));
}

async function move(access: TableAccess, runs: readonly [Run, ...Run[]]): Promise<void> {
  const [{ process_name, environment }] = runs;
  const key = watermarkKey(runs[0]);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const stored = (await readItems<WatermarkItem>(access, [key])).get(keyText(key));
    let items = await readRuns(access, runs);
    const { set_at, set_until } = stored ?? {};
    let from: Watermark = stored ?? {};
    if (items.some(({ run }) => isWithdrawn(from, run))) {
      const others = await listRuns(access, { process_name, environment, limit: MAX_SEARCHED });
      items = await readRuns(access, [...runs, ...bearersIn(others, set_at)]);
      from = { data_until: set_until };
    }
    const next = items.map(({ run }) => watermarkOf(run, set_at)).reduce(furthest, furthest(from, {}));
    if (stored !== undefined && isSame(stored, next)) return;
    if (stored === undefined && next.last_success_at === undefined) return;
    const version = (stored?.version ?? 0) + 1;
    const item: WatermarkItem = { ...key, environment, process_name, ...next, set_at, set_until, version };
    // The runs it comes to stand on are as they were read: one that another writer withdraws meanwhile bears nothing.
    const bearers = items.filter(({ run }) => isBorneBy(next, run) && !isBorneBy(from, run));
    if (await writeTogether(access, [put(access, item), ...bearers.map(({ item }) => isUnchanged(access, item))]))
      return;
    await backOff(access, tries);
  }
  throw new Error(
    `Expected to move the watermark of ${process_name} in ${environment}, another writer came first ${MAX_TRIES} ` +
      'times. Try again; if this comes back, look for very many runs of that pipeline that end at once.',
  );
}

interface ReadRun {
  readonly item: RunItem;
  readonly run: Run;
}

async function readRuns(access: TableAccess, runs: readonly Run[]): Promise<readonly ReadRun[]> {
  const items = await readItems<RunItem>(access, runs.map(runKey));
  return [...items.values()].map((item) => ({ item, run: unpackRun(item.run) }));
}

function bearersIn(runs: readonly Run[], set_at: Instant | undefined): readonly Run[] {
  const mark = runs.map((run) => watermarkOf(run, set_at)).reduce(furthest, {});
  return runs.filter((run) => isBorneBy(mark, run));
}

const isBorneBy = (mark: Watermark, { run_id }: Run): boolean =>
  mark.data_until_run_id === run_id || mark.last_success_run_id === run_id;

const put = ({ table: TableName }: TableAccess, Item: WatermarkItem): Action => ({
  Put: {
    TableName,
    Item,
    ...(Item.version === 1
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': Item.version - 1 } }),
  },
});

const isUnchanged = ({ table: TableName }: TableAccess, { pk, sk, version }: RunItem): Action => ({
  ConditionCheck: {
    TableName,
    Key: { pk, sk },
    ConditionExpression: 'version = :version',
    ExpressionAttributeValues: { ':version': version },
  },
});

const isSame = (a: Watermark, b: Watermark): boolean =>
  a.data_until === b.data_until &&
  a.data_until_run_id === b.data_until_run_id &&
  a.last_success_at === b.last_success_at &&
  a.last_success_run_id === b.last_success_run_id;
