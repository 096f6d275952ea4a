import { type TickPorts, type TickReport, tick } from '../core/flows/tick.ts';
import { trackRecorded } from '../core/flows/track-object.ts';

export interface HistoryLane {
  /** Runs the lane soon; many wishes become one run. */
  wake(): void;
  /** Runs the lane until nothing is due; waits for a run under way first. Throws what it throws. */
  drain(): Promise<TickReport>;
  close(): Promise<void>;
}

const WAKE_AFTER_MS = 200;
/** The clock alone can make something due: a lease that runs out. */
const CLOCK_EVERY_MS = 30_000;

/** Compact, summarize and aggregate, one run at a time, when something landed and every half minute. */
export function startHistoryLane(ports: TickPorts, onError: (error: unknown) => void): HistoryLane {
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closing = false;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = running.then(work, work);
    running = next.catch(() => undefined);
    return next;
  };
  const run = (): Promise<TickReport> =>
    inTurn(async () => {
      await trackRecorded(ports.store, ports.live);
      return tick(ports, () => closing);
    });
  const clock = setInterval(() => wake(), CLOCK_EVERY_MS);
  clock.unref();

  function wake(): void {
    if (timer !== undefined || closing) return;
    timer = setTimeout(() => {
      timer = undefined;
      run().catch(onError);
    }, WAKE_AFTER_MS);
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
