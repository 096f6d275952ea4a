import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { rawFolder } from '../core/object-keys.ts';
import { LOST_AFTER_SECONDS, waitedSeconds } from '../core/objects/waiting.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { RebuildOptions, RebuildReport } from '../core/rebuild-report.ts';
import { WRITERS } from '../core/table-writers.ts';
import { catchUp } from '../flows/catch-up.ts';
import { rebuild as rebuildTables } from '../flows/rebuild.ts';
import type { AwsPorts } from './ports.ts';
import { readAhead } from './read-ahead.ts';
import { GZIP_LIMITS } from './statement-limits.ts';
import { type HoldOptions, withLeases } from './with-leases.ts';

/** The ports of AWS, and how to wait for the other writers. */
export type RebuildPorts = AwsPorts & Omit<HoldOptions, 'lease' | 'clock'>;

/**
 * Builds the tables again from the raw lines, under the leases of all writers, with the rebuild's own progress in a file
 * of this machine. Read it beside `local/rebuild.ts`.
 */
export async function rebuild(ports: RebuildPorts, options: RebuildOptions): Promise<RebuildReport> {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-rebuild-'));
  try {
    return await withLeases(WRITERS, ports, async () => {
      // One moment for both sides: what the clock says of a run must not differ between them.
      const now = ports.clock.now();
      const clock: Clock = { now: () => now };
      await catchUp({ ...ports, clock, limits: GZIP_LIMITS });
      const onTheWay = await objectsOnTheirWay(ports, options.day, clock);
      return rebuildTables(
        {
          ...ports,
          clock,
          limits: GZIP_LIMITS,
          store: readAhead(ports.store),
          openShadowLive: () => openLiveStore(join(folder, 'marks.sqlite')),
          isOnItsWay: (object) => onTheWay.has(object),
        },
        options,
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Objects that landed and cannot be in the tables yet. Those that are not recorded are asked for before the others. */
export async function objectsOnTheirWay(
  { store, live }: { readonly store: ObjectStore; readonly live: LiveStore },
  day: string | undefined,
  clock: Clock,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { key } of store.list(rawFolder(day))) {
    if (waitedSeconds(key, clock.now()) < LOST_AFTER_SECONDS && !(await live.hasObject(key))) found.add(key);
  }
  for (const stage of ['recorded', 'tracked'] as const) {
    for (const { object } of await live.objectsAt(stage, {})) found.add(object);
  }
  return found;
}
