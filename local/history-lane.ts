import { type CatchUpPorts, catchUp } from '../flows/catch-up.ts';
import { trackRecorded } from '../flows/track-object.ts';

/** The history lane of a running ledger. */
export interface HistoryLane {
  /** Runs the lane soon; many calls become one run. */
  wake(): void;
  /** Runs the lane until nothing is due, after the run under way. Rejects with what the run throws. */
  drain(): Promise<void>;
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

/** Starts the lane: it compacts, summarizes and aggregates, one run at a time, when woken and every half minute. */
export function startHistoryLane(ports: CatchUpPorts, onError: (error: unknown) => void): HistoryLane {
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closing = false;
  let restMs = 0;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = running.then(work, work);
    running = next.catch(() => undefined);
    return next;
  };
  const run = (): Promise<void> =>
    inTurn(async () => {
      const startedAt = performance.now();
      await trackRecorded(ports.store, ports.live);
      await catchUp(ports, () => closing);
      restMs = (performance.now() - startedAt) * REST;
    });
  const clock = setInterval(() => wake(), CLOCK_EVERY_MS);
  clock.unref();

  function wake(): void {
    if (timer !== undefined || closing) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        run().catch(onError);
      },
      Math.max(WAKE_AFTER_MS, restMs),
    );
  }

  return {
    wake,
    drain: run,
    close: async () => {
      closing = true;
      clearTimeout(timer);
      clearInterval(clock);
      await running;
    },
  };
}
