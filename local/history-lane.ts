import { distinctPipelines } from '../core/pipelines/pipeline-key.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import { type CatchUpPorts, catchUp, eachStage } from '../flows/catch-up.ts';
import { trackRecorded } from '../flows/track-object.ts';
import type { Packing } from './packing.ts';
import { retryTimer } from './retry-timer.ts';
import type { Troubles } from './troubles.ts';

/** The history lane of a running ledger. */
export interface HistoryLane {
  /** Runs the lane soon; many calls become one run. */
  wake(): void;
  /** Runs the lane until nothing is due, after the run under way. Rejects with what the run throws. */
  drain(): Promise<void>;
  /** Merges every recorded object into the live runs, after the run under way. Rejects with what that throws. */
  track(): Promise<void>;
  /**
   * Called with the pipelines of runs that recorded objects have changed: what a ledger that was killed had answered, and not
   * yet merged, is heard of so.
   */
  onTracked(listener: (pipelines: readonly PipelineKey[]) => void): void;
  /** Stops after the step under way. */
  close(): Promise<void>;
}

const WAKE_AFTER_MS = 1_000;
/**
 * After a run the lane rests for this many times as long as the run took: under load, few large batches cost a fraction
 * of many small ones, and the cores are left to accept. A query waits for `drain`, which does not rest.
 */
const REST = 4;
/** The clock alone can make work due: a lease that runs out. */
const CLOCK_EVERY_MS = 30_000;

/**
 * Starts the lane: it compacts, summarizes and aggregates, one run at a time, when woken and every half minute. A run that
 * fails is tried again, after pauses that grow.
 */
export function startHistoryLane(
  ports: CatchUpPorts,
  troubles: Troubles,
  onError: (error: unknown) => void,
  packing: Packing,
): HistoryLane {
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closing = false;
  let restMs = 0;
  let heard: Parameters<HistoryLane['onTracked']>[0] = () => undefined;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = running.then(work, work);
    running = next.catch(() => undefined);
    return next;
  };
  const retry = retryTimer(runQuietly);
  const trackAll = async (): Promise<void> => {
    const { failures } = await trackRecorded(ports.store, ports.live, (transitions) => {
      const changed = transitions.filter(({ before, after }) => before !== after);
      const pipelines = distinctPipelines(changed.map(({ after }) => after));
      if (pipelines.length > 0) heard(pipelines);
    });
    for (const failure of failures) onError(failure);
  };
  const run = (): Promise<void> =>
    inTurn(async () => {
      const startedAt = performance.now();
      try {
        await eachStage([trackAll, () => catchUp(ports, () => closing)]);
      } catch (error) {
        troubles.begin('tables', error);
        retry.again();
        throw error;
      }
      retry.worked();
      troubles.end('tables');
      restMs = (performance.now() - startedAt) * REST;
    });
  const clock = setInterval(() => wake(), CLOCK_EVERY_MS);
  clock.unref();

  function wake(): void {
    if (timer !== undefined || closing) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        runQuietly();
      },
      Math.max(WAKE_AFTER_MS, restMs),
    );
  }

  /** The trouble is told already. */
  function runQuietly(): void {
    if (!closing) run().then(packAll, () => undefined);
  }

  /** Some at a time, and only while nothing waits to be taken in. */
  async function packAll(): Promise<void> {
    const packSome = () => inTurn(() => (closing || timer !== undefined ? Promise.resolve(false) : packing.packSome()));
    try {
      while (await packSome());
    } catch (error) {
      onError(error);
    }
  }

  return {
    wake,
    drain: run,
    track: () => inTurn(trackAll),
    onTracked: (listener) => {
      heard = listener;
    },
    close: async () => {
      closing = true;
      clearTimeout(timer);
      clearInterval(clock);
      retry.close();
      await running;
    },
  };
}
