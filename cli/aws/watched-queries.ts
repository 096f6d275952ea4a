import type { AthenaOptions } from '../../adapters/athena/options.ts';
import { dollarsFor } from '../../adapters/athena/price.ts';
import { durationShown } from '../../core/format.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { bytesShown, dollarsShown } from '../screen/format.ts';

/** What runs in Athena, shown while it runs and counted; Ctrl-C cancels it. */
export interface WatchedQueries {
  readonly options: {
    readonly [Name in 'onProgress' | 'onScanned' | 'signal' | 'sleep']: NonNullable<AthenaOptions[Name]>;
  };
  /** What all of them together read, and about what it costs. */
  spent(): { readonly scanned_bytes: number; readonly dollars: number };
  /** Cancels what runs and lets nothing more begin. */
  cancel(why: string): void;
  /** Does work that runs queries. Asked to stop, it is cancelled; asked twice, the process ends. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

/** Shows progress on standard error, and only where that is a terminal. */
export function watchQueries(io: Io): WatchedQueries {
  const stop = new AbortController();
  let scanned_bytes = 0;
  let dollars = 0;
  // What wraps cannot be taken back.
  const show = io.stderr.isTTY
    ? (text: string) => io.stderr.write(`\r\x1b[K${text.slice(0, (io.stderr.columns ?? 80) - 1)}`)
    : () => undefined;
  return {
    options: {
      signal: stop.signal,
      sleep: (delayMs) => io.pause(delayMs, stop.signal.aborted ? undefined : stop.signal),
      onProgress: (progress) => {
        const read = scanned_bytes + progress.scanned_bytes;
        const cost = dollarsShown(dollars + dollarsFor(progress.scanned_bytes));
        const state = stop.signal.aborted ? 'cancelling' : progress.state.toLowerCase();
        show(
          `${progress.query}: ${state}, ${durationShown(progress.elapsed_ms)}, ${bytesShown(read)} scanned, ${cost}`,
        );
      },
      onScanned: (_query, bytes) => {
        scanned_bytes += bytes;
        dollars += dollarsFor(bytes);
      },
    },
    spent: () => ({ scanned_bytes, dollars }),
    cancel: (why) => stop.abort(why),
    during: async (work) => {
      const forget = io.onStop(() => (stop.signal.aborted ? io.exit(EXIT.stopped) : stop.abort('cancelled')));
      try {
        return await work();
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        throw new Stop(
          EXIT.stopped,
          `${stop.signal.reason}; ${bytesShown(scanned_bytes)} scanned, ${dollarsShown(dollars)}`,
          { cause: error },
        );
      } finally {
        forget();
        show('');
      }
    },
  };
}
