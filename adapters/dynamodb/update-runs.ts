import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { Run } from '../../core/run/run.ts';
import { ask, backOff, isConditionFailure, type TableAccess } from './access.ts';
import { eachBounded } from './bounded.ts';
import { chunksOf, keyText, readItems } from './items.ts';
import { unpackRun } from './run-codec.ts';
import { nextRunItem, type RunItem, runKey } from './run-item.ts';

type Update = Parameters<LiveStore['updateRuns']>[1];

const RUNS_PER_READ = 100;
const WRITES_AT_ONCE = 16;
/** Writers of one run meet rarely; twenty in a row that all lose to somebody else mean that something else is wrong. */
const MAX_TRIES = 20;

/**
 * Reads, merges, and writes on the condition that nobody wrote in between; else once more. A run that arrives several
 * times in one call is written once. Each run is atomic, a call is not: what was written before a failure stays.
 */
export async function updateRuns(
  access: TableAccess,
  runs: readonly Run[],
  update: Update,
  expiresAt: () => number | undefined,
): Promise<void> {
  for (const arrivals of chunksOf([...byKey(runs).values()], RUNS_PER_READ)) {
    const stored = await readItems<RunItem>(
      access,
      arrivals.map(([first]) => runKey(first)),
    );
    await eachBounded(arrivals, WRITES_AT_ONCE, (arriving) =>
      updateRun(access, arriving, stored.get(keyText(runKey(arriving[0]))), update, expiresAt),
    );
  }
}

type Arrivals = [Run, ...Run[]];

function byKey(runs: readonly Run[]): ReadonlyMap<string, Arrivals> {
  const groups = new Map<string, Arrivals>();
  for (const run of runs) {
    const key = keyText(runKey(run));
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return groups;
}

async function updateRun(
  access: TableAccess,
  arriving: Arrivals,
  known: RunItem | undefined,
  update: Update,
  expiresAt: () => number | undefined,
): Promise<void> {
  let before = known;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const next = updatedBy(update, before, arriving);
    const item = next && nextRunItem(before, next.run, next.index, expiresAt());
    if (item === undefined || (await put(access, item, before?.version))) return;
    await backOff(access, tries);
    before = (await readItems<RunItem>(access, [item])).get(keyText(item));
  }
  const [{ environment, process_name, run_id }] = arriving;
  throw new Error(
    `Expected to update the run ${run_id} of ${process_name} in ${environment}, another writer came first ` +
      `${MAX_TRIES} times. Try again; if this comes back, look for a producer that sends one run from very many places.`,
  );
}

function updatedBy(update: Update, before: RunItem | undefined, arriving: Arrivals): ReturnType<Update> {
  let run = before && unpackRun(before.run);
  let last: ReturnType<Update>;
  for (const each of arriving) {
    const next = update(run, each);
    if (next === undefined) continue;
    last = next;
    run = next.run;
  }
  return last;
}

/** False when the run is not as it was read any more. */
async function put(access: TableAccess, item: RunItem, version: number | undefined): Promise<boolean> {
  const condition =
    version === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': version } };
  try {
    await ask(access, () => access.client.send(new PutCommand({ TableName: access.table, Item: item, ...condition })));
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}
