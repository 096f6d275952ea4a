import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LiveRuns, RunTransition } from '../../core/ports/live-runs.ts';
import { type Run, runKeyOf } from '../../core/run/run.ts';
import { ask, backOff, isConditionFailure, type TableAccess } from './access.ts';
import { eachBounded } from './bounded.ts';
import { countDateChange } from './date-changes.ts';
import { chunksOf, keyText, readItems } from './items.ts';
import { unpackRun } from './run-codec.ts';
import { nextRunItem, type RunItem, runKey } from './run-item.ts';
import { writeTogether } from './transaction.ts';

type Update = Parameters<LiveRuns['updateRuns']>[1];

const RUNS_PER_READ = 100;
const WRITES_AT_ONCE = 16;
/** Writers of one run meet rarely; when others come first twenty times in a row, something else is wrong. */
const MAX_TRIES = 20;

/**
 * Reads, merges, and writes on the condition that no other writer came between; else once more. A run that arrives
 * several times in one call is written once. Each run is atomic, a call is not: what was written before a failure stays.
 */
export async function updateRuns(
  access: TableAccess,
  runs: readonly Run[],
  update: Update,
  expiresAt: () => number | undefined,
): Promise<readonly RunTransition[]> {
  const transitions: RunTransition[] = [];
  for (const arrivals of chunksOf([...Map.groupBy(runs, runKeyOf).values()] as Arrivals[], RUNS_PER_READ)) {
    const stored = await readItems<RunItem>(
      access,
      arrivals.map(([first]) => runKey(first)),
    );
    const updated = await eachBounded(arrivals, WRITES_AT_ONCE, (arriving) =>
      updateRun(access, arriving, stored.get(keyText(runKey(arriving[0]))), update, expiresAt),
    );
    for (const transition of updated) if (transition !== undefined) transitions.push(transition);
  }
  return transitions;
}

/** All of one key. */
type Arrivals = [Run, ...Run[]];

async function updateRun(
  access: TableAccess,
  arriving: Arrivals,
  known: RunItem | undefined,
  update: Update,
  expiresAt: () => number | undefined,
): Promise<RunTransition | undefined> {
  let stored = known;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const before = stored && unpackRun(stored.run);
    const next = updatedBy(update, before, arriving);
    const item = next && nextRunItem(stored, next.run, next.index, expiresAt());
    if (item === undefined || (await put(access, item, stored?.version, next?.new_dates ?? false))) {
      const after = next?.run ?? before;
      return after && { before, after };
    }
    await backOff(access, tries);
    stored = (await readItems<RunItem>(access, [item])).get(keyText(item));
  }
  const [{ environment, process_name, run_id }] = arriving;
  throw new Error(
    `Expected to update the run ${run_id} of ${process_name} in ${environment}, another writer came first ` +
      `${MAX_TRIES} times. Try again; if this comes back, look for a producer that sends one run from very many places.`,
  );
}

function updatedBy(update: Update, before: Run | undefined, arriving: Arrivals): ReturnType<Update> {
  let run = before;
  let last: ReturnType<Update>;
  for (const each of arriving) {
    const next = update(run, each);
    if (next === undefined) continue;
    last = last?.new_dates ? { ...next, new_dates: true } : next;
    run = next.run;
  }
  return last;
}

/** False when the run is not as it was read any more. */
async function put(
  access: TableAccess,
  item: RunItem,
  version: number | undefined,
  countsDates: boolean,
): Promise<boolean> {
  const condition =
    version === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': version } };
  const request = { TableName: access.table, Item: item, ...condition };
  if (countsDates) return writeTogether(access, [{ Put: request }, countDateChange(access.table)]);
  try {
    await ask(access, () => access.client.send(new PutCommand(request)));
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}
