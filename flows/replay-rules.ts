import { type Incident, unsentChanges } from '../core/alert/incident.ts';
import type { ReplayedNotice } from '../core/alert/replayed-notice.ts';
import { type Instant, instantAfter } from '../core/instant.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import { namedPipelines } from '../core/pipelines/pipeline-key.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { foldRuns } from '../core/run/run-fold.ts';
import type { Event } from '../core/schema/event.ts';
import type { EvaluatePipelinePorts } from './evaluate-pipeline.ts';
import { changedRuns, type Evaluated, evaluateChanged, evaluatePipelines } from './evaluate-touched.ts';
import { trackRuns } from './track.ts';

/** Stores of their own, empty: what is replayed touches nothing. */
export interface ReplayPorts extends Omit<EvaluatePipelinePorts, 'expectations' | 'live'> {
  readonly live: LiveStore;
  readonly expectations: Expectations;
  /** Of pipelines for which the file names none. */
  readonly environment: string;
}

/** A replay that is under way. */
export interface Replay {
  /** The next event; they come in the order of their times. */
  take(event: Event): Promise<void>;
  /** What would have been told until this moment. */
  end(until: Instant): Promise<readonly ReplayedNotice[]>;
}

/**
 * Replays events through the rules on a clock that stands where they do: what would have been told from this moment on, if
 * each had arrived when it happened. Nothing is sent.
 */
export async function startReplay({ environment, ...given }: ReplayPorts, since: Instant): Promise<Replay> {
  const ports = { ...given, expectations: withoutNews(given.expectations) };
  const notices: ReplayedNotice[] = [];
  const known = new Set<string>();
  const note = ({ changed, failures }: Evaluated): void => {
    for (const incident of changed)
      for (const told of unsentChanges(incident)) {
        const key = `${told.incident.id} ${told.change.number}`;
        if (!known.has(key)) notices.push(noticeOf(told));
        known.add(key);
      }
    if (failures[0] !== undefined) throw failures[0];
  };
  /** Everything that the clock alone finds until a moment. */
  const passTo = async (moment: Instant): Promise<void> => {
    for (;;) {
      const [due] = await ports.watches.dueWatches(moment, 1);
      if (due?.next_check === undefined) return;
      const at = due.next_check;
      note(await evaluatePipelines(ports, [due], at));
      await ports.watches.changeWatch(due, (stored = due) => {
        const isStuck = stored.next_check !== undefined && stored.next_check <= at;
        return isStuck ? { ...stored, next_check: instantAfter(at, 60_000) } : stored;
      });
    }
  };
  note(await evaluatePipelines(ports, namedPipelines(ports.expectations, environment), since));
  return {
    async take(event) {
      await passTo(event.event_time);
      const { transitions } = await trackRuns(ports.live, foldRuns([event]));
      note(await evaluateChanged(ports, changedRuns(transitions), event.event_time));
    },
    async end(until) {
      await passTo(until);
      return notices;
    },
  };
}

function noticeOf({ incident, change }: { incident: Incident; change: Incident['outbox'][number] }): ReplayedNotice {
  const { severity, environment, process_name, slot, run_ids } = incident;
  return {
    at: change.at,
    kind: change.kind,
    severity,
    environment,
    process_name,
    slot,
    reasons: change.reasons,
    run_ids,
  };
}

/** Starts and successes page nobody. */
const withoutNews = (expectations: Expectations): Expectations => ({
  ...expectations,
  pipelines: expectations.pipelines.map((each) => ({ ...each, notify: undefined })),
  otherwise: { ...expectations.otherwise, notify: undefined },
});
