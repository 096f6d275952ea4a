import { hash } from 'node:crypto';
import { rejectedLine } from '../core/accept/rejection.ts';
import type { Instant } from '../core/instant.ts';
import { arrivalFolder, oversizeKey } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { AcceptedBatch } from '../flows/accept.ts';

/** What is landed together: which arrivals it stems from names the object, so that a retry overwrites its own. */
export interface Arrival {
  /** Ids of the records, or the key of the object, that the lines came in with. */
  readonly from: readonly string[];
  /** When the first of them arrived. */
  readonly arrived_at: Instant;
}

/** Lands accepted lines beside those of Firehose. */
export const landLines = (store: ObjectStore, arrival: Arrival, lines: readonly string[]): Promise<void> =>
  landIn('raw', store, arrival, lines);

/** Sets rejections aside, each with its reason, and whole masked lines that were too large to land uncut. */
export async function setAside(
  store: ObjectStore,
  arrival: Arrival,
  { rejections, oversized }: Pick<AcceptedBatch, 'rejections' | 'oversized'>,
): Promise<void> {
  await landIn('rejected', store, arrival, rejections.map(rejectedLine));
  for (const { event_key, text } of oversized) {
    await store.put(oversizeKey(event_key, arrival.arrived_at), text);
  }
}

async function landIn(
  folder: 'raw' | 'rejected',
  store: ObjectStore,
  { from, arrived_at }: Arrival,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  const name = hash('sha256', JSON.stringify(from)).slice(0, 32);
  await store.put(`${arrivalFolder(folder, arrived_at)}aside-${name}.ndjson`, `${lines.join('\n')}\n`);
}
