import { deployed } from '../aws/deployed.ts';
import { compactEventsPorts } from '../aws/function-ports.ts';
import { runStage, type StagePorts } from '../aws/stage.ts';
import { GZIP_LIMITS } from '../aws/statement-limits.ts';
import type { Invocation } from '../aws/with-lease.ts';
import { totalOf } from '../core/objects/data-object.ts';
import { type CompactPorts, compactEvents } from '../flows/compact.ts';

/** What the handler works with. */
export type CompactEventsPorts = StagePorts & Omit<CompactPorts, 'engine'>;

/** Takes tracked objects into `pipeline_logs` until none is left, and publishes how many lines it inserted. */
export const handlerOf = (ports: CompactEventsPorts) => (_event: unknown, invocation: Invocation) =>
  runStage(ports, invocation, {
    writer: 'pipeline_logs',
    done: 'compacted',
    take: (engine) => compactEvents({ ...ports, engine }, GZIP_LIMITS.compactBytes),
    countsOf: (counts) => ({ ...totalOf(counts) }),
    eventOf: (counts) => {
      const { objects, inserted } = totalOf(counts);
      return { type: 'Events Compacted', detail: { objects, inserted } };
    },
  });

export const handler = deployed(compactEventsPorts, handlerOf);
