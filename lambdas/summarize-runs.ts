import { lazyHandler } from '../aws/lazy-handler.ts';
import { runStage, type StagePorts, stagePortsFrom } from '../aws/stage.ts';
import { GZIP_LIMITS } from '../aws/statement-limits.ts';
import type { Invocation } from '../aws/with-lease.ts';
import { summarizeRuns } from '../flows/summarize.ts';

/** Derives the runs of compacted objects until none is left, and publishes how many objects it took. */
export const handlerOf = (ports: StagePorts) => (_event: unknown, invocation: Invocation) =>
  runStage(ports, invocation, {
    writer: 'pipeline_run_state',
    done: 'summarized',
    take: (engine) => summarizeRuns(engine, ports.live, GZIP_LIMITS.summarizeBytes),
    countsOf: (objects) => ({ objects: objects.length }),
    eventOf: (objects) => ({ type: 'Runs Summarized', detail: { objects: objects.length } }),
  });

export const handler = lazyHandler(() => handlerOf(stagePortsFrom(process.env)));
