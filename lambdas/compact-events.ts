import { lazyHandler } from '../aws/lazy-handler.ts';
import { sinkFrom, storeFrom } from '../aws/ports.ts';
import { runStage, type StagePorts, stagePortsFrom } from '../aws/stage.ts';
import type { Invocation } from '../aws/with-lease.ts';
import type { LineCounts } from '../core/objects/data-object.ts';
import { type CompactPorts, compactEvents as compact } from '../flows/compact.ts';
import { lagOf } from '../flows/lag.ts';

export type CompactEventsPorts = StagePorts & Omit<CompactPorts, 'engine'>;

/** Gzipped bytes that one statement takes; twenty times as many lines. */
const COMPACT_BYTES = 96 * 1024 * 1024;

/** Takes tracked objects into `pipeline_logs` until none is left. */
export const compactEvents = (ports: CompactEventsPorts) => (_event: unknown, invocation: Invocation) => {
  const counts: LineCounts[] = [];
  return runStage(ports, invocation, {
    table: 'pipeline_logs',
    done: 'compacted',
    take: async (engine) => {
      const some = await compact({ ...ports, engine }, COMPACT_BYTES);
      counts.push(...some);
      return some.length > 0;
    },
    counts: async () => ({ ...totalOf(counts), ...(await lagOf(ports.live, ports.clock.now())) }),
    said: () => {
      const { objects, inserted } = totalOf(counts);
      return objects > 0 ? [{ type: 'Events Compacted', detail: { objects, inserted } }] : [];
    },
  });
};

function totalOf(counts: readonly LineCounts[]) {
  const total = { objects: counts.length, lines: 0, inserted: 0, duplicates: 0, unreadable: 0, unaccepted: 0 };
  for (const each of counts) {
    total.lines += each.lines;
    total.inserted += each.inserted;
    total.duplicates += each.duplicates;
    total.unreadable += each.unreadable;
    total.unaccepted += each.unaccepted;
  }
  return total;
}

export const handler = lazyHandler(() => {
  const { env } = process;
  return compactEvents({ ...stagePortsFrom(env), store: storeFrom(env), sink: sinkFrom(env) });
});
