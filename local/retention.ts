import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { arrivalDateOf, FOLDERS, RAW_KEPT_FROM_KEY } from '../core/object-keys.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DataObjects } from '../core/ports/data-objects.ts';
import { MissingObjectError, type ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { daysBefore } from '../flows/maintain.ts';
import { MAINTAINED } from '../sql/maintenance.ts';

/** What is kept for how many days. Undefined: for ever. */
export interface KeptDays {
  /** Raw lines, from their arrival on. The tables cannot be built again from what is deleted. */
  readonly rawDays?: number | undefined;
  /** Rows of `pipeline_logs`, from the date of their event on; the tables of runs keep what was made of them. */
  readonly logsDays?: number | undefined;
}

export interface RetentionPorts {
  readonly store: ObjectStore;
  readonly live: Pick<DataObjects, 'objectsAt'>;
  readonly engine: Pick<QueryEngine, 'query'>;
  readonly clock: Clock;
}

/** Forgets what is past its time: what the lifecycle of the bucket and `flows/maintain.ts` do on AWS. */
export async function expire(root: string, ports: RetentionPorts, { rawDays, logsDays }: KeptDays): Promise<void> {
  const now = ports.clock.now();
  if (rawDays !== undefined) await expireRaw(root, ports, daysBefore(now, rawDays));
  const logs = MAINTAINED.find(({ table }) => table === 'pipeline_logs');
  if (logsDays !== undefined && logs) await ports.engine.query(logs.expire, { before: [daysBefore(now, logsDays)] });
}

/**
 * Removes whole days of arrival, but none of which a stage still has to read an object. The records of its objects stay:
 * they are how `rebuild` knows that the raw lines are no longer whole. The day is written down first, so that nobody
 * misses the files of a removal that was interrupted.
 */
async function expireRaw(root: string, { store, live }: RetentionPorts, before: string): Promise<void> {
  const due = readdirSync(join(root, FOLDERS.raw)).filter((name) => (arrivalDateOf(`${name}/`) ?? before) < before);
  if (due.length === 0) return;
  const waiting = await Promise.all(
    (['recorded', 'tracked', 'compacted'] as const).map((at) => live.objectsAt(at, {})),
  );
  const kept = new Set(waiting.flat().map(({ object }) => arrivalDateOf(object)));
  const from = [before, ...kept].filter((date) => date !== undefined).sort()[0] as string;
  if (from > (await rawKeptFrom(store))) await store.put(RAW_KEPT_FROM_KEY, from);
  for (const name of due) {
    if (`dt=${from}` > name) rmSync(join(root, FOLDERS.raw, name), { recursive: true, force: true });
  }
}

/** The day before which raw lines were deleted; the empty text, which comes before all, when none were. */
export async function rawKeptFrom(store: ObjectStore): Promise<string> {
  try {
    return new TextDecoder().decode(await store.get(RAW_KEPT_FROM_KEY));
  } catch (error) {
    if (error instanceof MissingObjectError) return '';
    throw error;
  }
}

/** The same, by folder, as seals say it. */
export async function rawExpiry(store: ObjectStore): Promise<Readonly<Record<string, string>>> {
  const from = await rawKeptFrom(store);
  return from === '' ? {} : { [FOLDERS.raw]: from };
}
