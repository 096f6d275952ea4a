import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import { type EndedCommand, endEvent } from '../core/recovery/ended-command.ts';
import { viewOf } from '../core/run/run-view.ts';

export interface TellSilentEndPorts {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  readonly sink: Pick<EventSink, 'send'>;
  readonly clock: Clock;
  /** Waits until what was acknowledged is in the live runs. */
  readonly settled: () => Promise<void>;
  /** The last lines of a file; empty where there are none. */
  readonly lastLinesOf: (file: string) => Promise<string>;
}

/**
 * Tells the end of a command that told nothing of its own run: without it nobody would learn that a job which knows no
 * ledger failed. What a job tells itself stands alone. Returns whether it was told.
 */
export async function tellSilentEnd(ports: TellSilentEndPorts, ended: EndedCommand): Promise<boolean> {
  await ports.settled();
  const { environment, process_name, run } = ended.start;
  const [known] = await ports.live.listRuns({ environment, process_name, run_id: run.run_id, limit: 1 });
  // The ledger's own decisions about it are no word of the run.
  if (known !== undefined && viewOf(known).run.last_event_at !== null) return false;
  const event = endEvent(ended, await ports.lastLinesOf(ended.output), ports.clock.now());
  await ports.sink.send([new TextEncoder().encode(JSON.stringify(event))]);
  return true;
}
