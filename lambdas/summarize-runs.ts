import { lazyHandler } from '../aws/lazy-handler.ts';
import { runStage, type StagePorts, stagePortsFrom } from '../aws/stage.ts';
import type { Invocation } from '../aws/with-lease.ts';
import { summarizeRuns as summarize } from '../flows/summarize.ts';

/** Gzipped bytes of the objects whose runs one statement derives. */
const SUMMARIZE_BYTES = 1024 * 1024 * 1024;

/** Derives the runs of compacted objects until none is left. */
export const summarizeRuns = (ports: StagePorts) => (_event: unknown, invocation: Invocation) => {
  let objects = 0;
  return runStage(ports, invocation, {
    table: 'pipeline_run_state',
    done: 'summarized',
    take: async (engine) => {
      const some = await summarize(engine, ports.live, SUMMARIZE_BYTES);
      objects += some;
      return some > 0;
    },
    counts: () => ({ objects }),
    said: () => (objects > 0 ? [{ type: 'Runs Summarized', detail: { objects } }] : []),
  });
};

export const handler = lazyHandler(() => summarizeRuns(stagePortsFrom(process.env)));
