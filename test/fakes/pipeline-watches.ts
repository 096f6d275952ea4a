import type { PipelineKey, PipelineWatches, Watch } from '../../core/ports/pipeline-watches.ts';
import { compareText } from '../../core/run/stamped.ts';

/** Watches in memory. */
export function fakePipelineWatches(): PipelineWatches {
  const watches = new Map<string, Watch>();
  const keyOf = ({ environment, process_name }: PipelineKey) => JSON.stringify([environment, process_name]);
  return {
    async changeWatch(key, change) {
      const next = change(watches.get(keyOf(key)));
      watches.set(keyOf(key), next);
      return next;
    },
    dueWatches: async (now, limit) =>
      [...watches.values()]
        .filter(({ next_check }) => next_check !== undefined && next_check <= now)
        .sort((a, b) => ((a.next_check ?? '') < (b.next_check ?? '') ? -1 : 1))
        .slice(0, limit),
    listWatches: async () =>
      [...watches.values()].sort(
        (a, b) => compareText(a.environment, b.environment) || compareText(a.process_name, b.process_name),
      ),
  };
}
