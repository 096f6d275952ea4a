import { deployed } from '../aws/deployed.ts';
import { summarizeRunsPorts } from '../aws/function-ports.ts';
import { runStage, type StagePorts } from '../aws/stage.ts';
import { GZIP_LIMITS } from '../aws/statement-limits.ts';
import type { Invocation } from '../aws/with-lease.ts';
import { type SummarizePorts, summarizeRuns } from '../flows/summarize.ts';

/** What the handler works with. */
export type SummarizeRunsPorts = StagePorts & Omit<SummarizePorts, 'engine'>;

/** Derives the runs of compacted objects until none is left, and publishes how many objects it took. */
export const handlerOf = (ports: SummarizeRunsPorts) => (_event: unknown, invocation: Invocation) =>
  runStage(ports, invocation, {
    writer: 'pipeline_run_state',
    done: 'summarized',
    take: (engine) => summarizeRuns({ ...ports, engine }, GZIP_LIMITS.summarizeBytes),
    countsOf: (objects) => ({ objects: objects.length }),
    eventOf: (objects) => ({ type: 'Runs Summarized', detail: { objects: objects.length } }),
  });

export const handler = deployed(summarizeRunsPorts, handlerOf);
