import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { rawFolder } from '../../core/object-keys.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { RebuildOptions, RebuildReport } from '../../core/rebuild-report.ts';
import { catchUp } from '../../flows/catch-up.ts';
import { waitedSeconds } from '../../flows/lag.ts';
import { rebuild } from '../../flows/rebuild.ts';
import type { Io } from '../io.ts';
import { bytesShown, dollarsShown } from '../screen/format.ts';
import { withLeases } from './hold-leases.ts';
import { WRITERS } from './lake-links.ts';
import type { AwsPorts } from './ports.ts';
import { readAhead } from './read-ahead.ts';
import type { WatchedQueries } from './watched-queries.ts';

/** Rebuilds on Athena, under the leases of all writers, with the marks of the rebuild in a file of this machine. */
export async function rebuildStack(
  ports: AwsPorts,
  options: RebuildOptions,
  io: Io,
  watched: WatchedQueries,
): Promise<RebuildReport> {
  const say = (text: string): void => void io.stderr.write(`${text}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'runledger-rebuild-'));
  try {
    const report = await withLeases(
      WRITERS,
      {
        ...{ lease: ports.lease, clock: io.clock, pause: io.pause, signal: watched.options.signal },
        onWaiting: (name) => say(`waiting: ${name} is being written`),
        onLost: (name) => watched.cancel(`somebody else has begun to write ${name}; run the rebuild again`),
      },
      async () => {
        // One moment for both sides: what the clock says of a run must not differ between them.
        const now = io.clock.now();
        const clock: Clock = { now: () => now };
        await catchUp({ ...ports, clock });
        const onTheWay = await objectsOnTheirWay(ports, options.day, clock);
        return rebuild(
          {
            ...ports,
            clock,
            store: readAhead(ports.store),
            openShadowLive: () => openLiveStore(join(folder, 'marks.sqlite')),
            isOnItsWay: (object) => onTheWay.has(object),
          },
          options,
        );
      },
    );
    const { scanned_bytes, dollars } = watched.spent();
    say(`${bytesShown(scanned_bytes)} scanned, ${dollarsShown(dollars)}`);
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Until then a notification may be on its way; afterwards an object that nobody recorded is lost, and belongs in. */
const LOST_AFTER_SECONDS = 3600;

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
