import { dateOf, epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import { slotsKey } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { type ExpectedPorts, expectedSlots } from './expected.ts';

const DAY_MS = 86_400_000;

/**
 * Writes the slots of yesterday and today, and the runs that filled them, to where the lake reads them, the view
 * `expectations`. A day is written whole, so writing it again replaces what was known of it. Returns how many slots that
 * are.
 */
export async function recordSlots(
  { store, ...ports }: ExpectedPorts & { readonly store: Pick<ObjectStore, 'put'> },
  now: Instant,
): Promise<number> {
  let written = 0;
  for (const day of [dateOf(instantOf(epochMsOf(now) - DAY_MS)), dateOf(now)]) {
    const from = `${day}T00:00:00.000Z`;
    const slots = await expectedSlots(ports, from, instantOf(epochMsOf(from) + DAY_MS), now);
    const lines = slots.flatMap(({ run_ids, reasons, ...slot }) =>
      (run_ids.length === 0 ? [null] : run_ids).map((run_id) =>
        JSON.stringify({ ...slot, reasons: reasons.join(', '), run_id, recorded_at: now }),
      ),
    );
    await store.put(slotsKey(day), lines.map((line) => `${line}\n`).join(''));
    written += slots.length;
  }
  return written;
}
