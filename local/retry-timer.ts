import { type Backoff, backoffMs } from '../core/retry.ts';

/** Tries something again, after pauses that grow, until it is told that it worked. */
export interface RetryTimer {
  /** Plans the next try, unless one is planned. */
  again(): void;
  /** It worked: the next pause is short again. */
  worked(): void;
  close(): void;
}

const BACKOFF: Backoff = { firstDelayMs: 250, maxDelayMs: 10_000 };

export function retryTimer(work: () => void): RetryTimer {
  let timer: NodeJS.Timeout | undefined;
  let pauses = 0;
  let isClosed = false;
  return {
    again() {
      if (timer !== undefined || isClosed) return;
      // Nobody else retries at the same time, so the pause needs no chance in it.
      const pauseMs = backoffMs(BACKOFF, pauses, () => 1);
      pauses += 1;
      timer = setTimeout(() => {
        timer = undefined;
        work();
      }, pauseMs);
    },
    worked() {
      pauses = 0;
      clearTimeout(timer);
      timer = undefined;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
