import type { AcceptSettings } from '../core/accept/settings.ts';
import type { Instant } from '../core/instant.ts';
import type { EventSink, IngestCounts } from '../core/ports/event-sink.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { isStamped } from '../core/schema/canonical-line.ts';
import { acceptRecords } from './accept.ts';
import { land, objectLanding } from './land.ts';

const utf8 = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Sends the lines of an object that accept did not write through accept: files that a person put there, or that a
 * stream landed untransformed. Doing it twice adds nothing, because identity is content. Returns how many they are.
 */
export async function reacceptLines(store: ObjectStore, sink: EventSink, object: string): Promise<number> {
  const content = utf8.decode(await store.get(object));
  const lines = content.split('\n').filter((line) => line.trim() !== '' && !isStamped(line));
  for (let at = 0; at < lines.length; at += LINES_PER_SEND) {
    await sink.send([encoder.encode(lines.slice(at, at + LINES_PER_SEND).join('\n'))]);
  }
  return lines.length;
}

const LINES_PER_SEND = 1000;

/** Where records are landed that are accepted once more, and how they are accepted. */
export interface ReacceptPorts {
  readonly store: ObjectStore;
  readonly settings: AcceptSettings;
}

/**
 * Accepts the records that an object keeps because they could not be accepted before, each with the time at which it
 * arrived, and lands them. Doing it twice overwrites what was landed the first time.
 */
export async function reacceptRecords(
  { store, settings }: ReacceptPorts,
  object: string,
  records: readonly { readonly data: Uint8Array; readonly received_at: Instant }[],
): Promise<IngestCounts> {
  const batches = records.map(({ data, received_at }) => acceptRecords([data], received_at, settings));
  const lines = batches.flatMap((batch) => batch.lines);
  const rejections = batches.flatMap((batch) => batch.rejections);
  const oversized = batches.flatMap((batch) => batch.oversized);
  const resent = batches.flatMap((batch) => batch.resent);
  const arrivals = records.map(({ received_at }) => received_at);
  await land(objectLanding(store, settings.hash, [object], arrivals), { lines, rejections, oversized, resent });
  return { received: lines.length + rejections.length, accepted: lines.length, rejected: rejections.length };
}
