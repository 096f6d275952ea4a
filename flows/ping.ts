import { type Ping, pingEvent } from '../core/ping.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink, IngestCounts } from '../core/ports/event-sink.ts';
import type { RunsFilter } from '../core/ports/live-runs.ts';

export interface PingPorts {
  readonly sink: EventSink;
  /** Runs as they stand now, everything that was sent included; the latest start first. */
  readonly runs: (filter: RunsFilter) => Promise<readonly { readonly run_id: string | null }[]>;
  readonly clock: Clock;
  /** A new id, that no other run has. */
  readonly newRunId: () => string;
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
 * it is a run of its own. Pings of one pipeline are taken in turn, so that two that end a run at once end two.
 */
export function openPings({ sink, runs, clock, newRunId }: PingPorts): (ping: Ping) => Promise<Pinged> {
  const turns = new Map<string, Promise<unknown>>();

  async function take(ping: Ping): Promise<Pinged> {
    const run_id = ping.run_id ?? (await runOf(ping));
    const line = JSON.stringify(pingEvent(ping, run_id, clock.now()));
    const { accepted, reasons } = await sink.send([new TextEncoder().encode(line)]);
    return { run_id, accepted, why: reasons?.[0]?.explanation };
  }

  async function runOf({ pipeline, environment, state }: Ping): Promise<string> {
    if (state === 'start') return newRunId();
    const [open] = await runs({ process_name: pipeline, environment, open: true, alive: true, limit: 1 });
    return open?.run_id ?? newRunId();
  }

  return (ping) => {
    const key = JSON.stringify([ping.environment ?? null, ping.pipeline]);
    const turn = (turns.get(key) ?? Promise.resolve()).then(() => take(ping));
    const done = turn
      .catch(() => undefined)
      .then(() => {
        if (turns.get(key) === done) turns.delete(key);
      });
    turns.set(key, done);
    return turn;
  };
}
