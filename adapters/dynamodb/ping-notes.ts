import { epochMsOf } from '../../core/instant.ts';
import type { PingNote } from '../../core/ping-notes.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { PingNotes } from '../../core/ports/ping-notes.ts';
import { accessOf, type TableSettings } from './access.ts';
import { changeItem, type Versioned } from './change-item.ts';
import { partitionOf } from './partition-of.ts';
import { PARTITIONS } from './table.ts';

/** Notes older than a day say nothing any more. */
const KEPT_MS = 2 * 86_400_000;

interface NotesItem extends Versioned {
  readonly notes: readonly PingNote[];
  readonly expires_at: number;
}

/**
 * Notes as one item of the live table for each pipeline, changed by conditional writes only, which DynamoDB deletes two
 * days after the last ping. Refusals of the table are thrown with what to do.
 */
export function openPingNotes({ clock, ...settings }: TableSettings & { readonly clock: Clock }): PingNotes {
  const access = accessOf(settings);
  return {
    async changeNotes({ environment, process_name }, change) {
      const pk = partitionOf(PARTITIONS.ping, JSON.stringify([environment, process_name]));
      const expires_at = Math.ceil((epochMsOf(clock.now()) + KEPT_MS) / 1000);
      await changeItem<NotesItem>(access, { pk, sk: 'notes' }, (item) => ({
        notes: change(item?.notes ?? []),
        expires_at,
      }));
    },
  };
}
