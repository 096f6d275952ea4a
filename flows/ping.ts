import { type Ping, pingEvent } from '../core/ping.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink, IngestCounts } from '../core/ports/event-sink.ts';

/**
 * Decides which run a ping belongs to, and gives it to `take`. Throws what that throws, and then the ping counts as not
 * come.
 */
export type JoinRun = <T>(ping: Ping, take: (run_id: string) => Promise<T>) => Promise<T>;

export interface PingPorts {
  readonly sink: EventSink;
  readonly clock: Clock;
  readonly join: JoinRun;
}

/** What became of a ping. */
export interface Pinged extends Pick<IngestCounts, 'accepted'> {
  /** The run that it belongs to. */
  readonly run_id: string;
  /** Why it was not accepted. */
  readonly why?: string | undefined;
}

/**
 * Takes pings. One that names no run belongs to the run of its pipeline that started last and has not ended; without one
 * it is a run of its own.
 */
export const openPings =
  ({ sink, clock, join }: PingPorts): ((ping: Ping) => Promise<Pinged>) =>
  (ping) =>
    join(ping, async (run_id) => {
      const line = JSON.stringify(pingEvent(ping, run_id, clock.now()));
      const { accepted, reasons } = await sink.send([new TextEncoder().encode(line)]);
      return { run_id, accepted, why: reasons?.[0]?.explanation };
    });
