import { type Dismissal, decisionLine } from '../core/accept/rejection.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { arrivalFolder, FOLDERS } from '../core/object-keys.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

export interface DismissPorts extends Pick<AcceptSettings, 'mask'> {
  readonly store: ObjectStore;
  readonly clock: Clock;
}

/**
 * Dismisses rejections: the decision becomes an object beside them, which the view `rejections` reads, so that it survives
 * a rebuild. A key without a rejection changes nothing.
 */
export async function dismissRejections(
  { store, clock, mask }: DismissPorts,
  { keys, reason, who }: Dismissal,
): Promise<void> {
  if (keys.length === 0) return;
  const decided_at = clock.now();
  const masked = mask(wellFormed(reason));
  const lines = keys.map((rejection_key) =>
    decisionLine({ rejection_key, decided_at, decision: 'dismissed', reason: masked, who: who && wellFormed(who) }),
  );
  const object = `${arrivalFolder(FOLDERS.rejected, decided_at)}dismissed-${decided_at.replace(/\D/g, '')}-${keys[0]}.ndjson`;
  await store.put(object, `${lines.join('\n')}\n`);
}

/** Engines read no text with a NUL in it, nor half a character. */
const wellFormed = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
