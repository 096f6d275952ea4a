import { type Decision, decisionLine, rejectedLine } from '../core/accept/rejection.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import type { Instant } from '../core/instant.ts';
import { arrivalFolder, FOLDERS, oversizeKey } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { AcceptedBatch } from './accept.ts';

/**
 * Where a batch lands: in objects of its own on AWS (`objectLanding`), in the open segments on a laptop. Each function
 * resolves once what it was given is durable, and rejects when it is not; nothing to land is no call of the store.
 */
export interface Landing<Lines = readonly string[], Landed = void> {
  /** When the first line of the batch arrived. */
  readonly arrived_at: Instant;
  /** Keeps whole oversized lines, each as an object. */
  readonly store: ObjectStore;
  readonly landRejected: (lines: readonly string[]) => Promise<void>;
  readonly landAccepted: (lines: Lines) => Promise<Landed>;
  /** Lands what became of rejections, beside them. */
  readonly landDecisions: (lines: readonly string[]) => Promise<void>;
}

/** What lands before the accepted lines. */
export type Quarantined = Pick<AcceptedBatch, 'rejections' | 'oversized'>;

/**
 * Lands a batch. Accepted lines come after what stands beside them: when that rejects, none of them has landed. The
 * sender may send the batch again after any failure. What landed twice is one event or one rejection all the same, because both are keyed by their content.
 */
export async function land<Lines, Landed>(
  landing: Landing<Lines, Landed>,
  batch: Quarantined & { readonly lines: Lines; readonly resent: readonly Decision[] },
): Promise<Landed> {
  await quarantine(landing, batch);
  const landed = await landing.landAccepted(batch.lines);
  await decide(landing, batch.resent);
  return landed;
}

/** Lands what became of rejections. */
export async function decide(
  { landDecisions }: Pick<Landing, 'landDecisions'>,
  decisions: readonly Decision[],
): Promise<void> {
  if (decisions.length > 0) await landDecisions(decisions.map(decisionLine));
}

/** Lands rejections, each with its reason, and whole masked lines that were too large to land uncut. */
export async function quarantine(
  { arrived_at, store, landRejected }: Pick<Landing, 'arrived_at' | 'store' | 'landRejected'>,
  { rejections, oversized }: Quarantined,
): Promise<void> {
  if (rejections.length > 0) await landRejected(rejections.map(rejectedLine));
  for (const { key, text } of oversized) await store.put(oversizeKey(key, arrived_at), text);
}

/**
 * Lands in one object for the accepted lines and one for the rejections. They are named after what the lines came in
 * with, `from` (ids of records, or the key of an object), so that a retry overwrites its own, and lie in the hour of
 * the first of `arrivals`.
 */
export function objectLanding(
  store: ObjectStore,
  hash: AcceptSettings['hash'],
  from: readonly string[],
  arrivals: readonly Instant[],
): Landing {
  const arrived_at = [...arrivals].sort()[0] ?? '';
  const landIn = async (folder: string, lines: readonly string[], name = 'aside'): Promise<void> => {
    if (lines.length === 0) return;
    const object = `${arrivalFolder(folder, arrived_at)}${name}-${hash(JSON.stringify(from))}.ndjson`;
    await store.put(object, `${lines.join('\n')}\n`);
  };
  return {
    arrived_at,
    store,
    landRejected: (lines) => landIn(FOLDERS.rejected, lines),
    landAccepted: (lines) => landIn(FOLDERS.raw, lines),
    landDecisions: (lines) => landIn(FOLDERS.rejected, lines, 'decided'),
  };
}
