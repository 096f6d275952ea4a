import type { Instant } from '../core/instant.ts';
import { looksElsewhere, MAX_ENDED, noted, type PingNote, type StartedRun, takenBack } from '../core/ping-notes.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import type { PingedPipeline, PingNotes } from '../core/ports/ping-notes.ts';
import { viewOf } from '../core/run/run-view.ts';
import { shownAt } from '../core/run/shown-run.ts';
import { hasEnded } from '../core/run/work-view.ts';
import type { JoinRun } from './ping.ts';

export interface JoinNotedPorts {
  readonly notes: PingNotes;
  /** Runs as they stood when their events were tracked last. */
  readonly live: Pick<LiveRuns, 'listRuns'>;
  readonly clock: Clock;
  /** Of pings that name none. */
  readonly environment: string;
  /** A new id, that no other run has. */
  readonly newRunId: () => string;
}

/**
 * Finds the run of a ping where many processes take pings, and live runs follow events by a minute: pings note what they
 * begin and end under compare-and-set, so that two that end a run at once end two. A run that another producer began is
 * found among the live ones. A process that dies between noting an end and sending it leaves a run open that no ping joins.
 */
export const joinNotedRun =
  ({ notes, live, clock, environment, newRunId }: JoinNotedPorts): JoinRun =>
  async (ping, take) => {
    const of = { environment: ping.environment ?? environment, process_name: ping.pipeline };
    const now = clock.now();
    const context = {
      newRunId: newRunId(),
      elsewhere: looksElsewhere(ping) ? await openRuns(live, of, now) : [],
      now,
    };
    let run_id = '';
    let before: PingNote | undefined;
    await notes.changeNotes(of, (stored) => {
      const next = noted(stored, ping, context);
      run_id = next.run_id;
      before = stored.find((each) => each.run_id === run_id);
      return next.notes;
    });
    try {
      return await take(run_id);
    } catch (error) {
      await takeBack(notes, of, run_id, before);
      throw error;
    }
  };

/** Of an open run, those that matter start last: of the latest starts there are as many as noted ends may hide, and one. */
async function openRuns(
  live: JoinNotedPorts['live'],
  of: PingedPipeline,
  now: Instant,
): Promise<readonly StartedRun[]> {
  const latest = await live.listRuns({ ...of, alive_at: now, limit: MAX_ENDED + 1 });
  return latest
    .map((run) => shownAt(viewOf(run).run, now))
    .flatMap(({ run_id, status, start_time, first_event_at }) =>
      run_id === null || hasEnded(status) || status === 'LOST'
        ? []
        : [{ run_id, started_at: start_time ?? first_event_at ?? now }],
    );
}

/** Best effort: the error of the ping matters more, and what is left noted is given up after a day. */
const takeBack = (notes: PingNotes, of: PingedPipeline, run_id: string, before: PingNote | undefined): Promise<void> =>
  notes.changeNotes(of, (stored) => takenBack(stored, run_id, before)).catch(() => undefined);
