import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { Incident } from '../../core/alert/incident.ts';
import { epochMsOf, type Instant, instantOf } from '../../core/instant.ts';
import { type Expectations, expectationsOf } from '../../core/pipelines/expectations.ts';
import { readFile } from '../../core/pipelines/read-file.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { changedRuns, evaluateChanged, evaluateDue, evaluatePipelines } from '../../flows/evaluate-touched.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';
import { fakePipelineWatches } from '../fakes/pipeline-watches.ts';

/** A ledger that only alerts, on a simulated clock: a file of pipelines, events as they happen, and a tick a minute. */
export function alertWorld(file: string, from: Instant) {
  const store = openLiveStore(':memory:');
  let reads = 0;
  const live = {
    ...store,
    listRuns: (filter: Parameters<typeof store.listRuns>[0]) => {
      reads += 1;
      return store.listRuns(filter);
    },
  };
  const incidents = fakeIncidentStore();
  const watches = fakePipelineWatches();
  const ports = { live, incidents, watches, expectations: expectationsIn(file) };
  /** What was told, as `kind slot reasons`, in order. */
  const told: string[] = [];
  const changes: { id: string; number: number; kind: string; isPassed: boolean }[] = [];
  let now = from;

  const note = (changed: readonly Incident[], at: Instant) => {
    for (const { id, slot, outbox, severity, resolution } of changed) {
      for (const made of outbox.filter((each) => each.at === at)) {
        if (!changes.some((each) => each.id === id && each.number === made.number))
          changes.push({
            id,
            number: made.number,
            kind: made.kind,
            isPassed: resolution === 'over before it was found',
          });
        const reasons = made.reasons.length > 0 ? ` ${made.reasons.join(' ')}` : '';
        const line = `${at.slice(5, 16)} ${made.kind} ${severity} ${slot.replace(/^\d{4}-(.*):00.000Z$/, '$1')}${reasons}`;
        if (!told.includes(line)) told.push(line);
      }
    }
  };

  const tick = async (): Promise<void> => {
    note((await evaluateDue(ports, now)).changed, now);
  };
  const until = async (moment: Instant): Promise<void> => {
    while (now < moment) {
      now = instantOf(Math.min(epochMsOf(now) + 60_000, epochMsOf(moment)));
      await tick();
    }
  };
  return {
    told,
    /** The same by incident. `isPassed`: it was over before it was found, so that its opening says all. */
    changes,
    /** Lets another file hold. */
    expect(another: string) {
      ports.expectations = expectationsIn(another);
    },
    incidents,
    watches,
    /** Begins to watch these pipelines, as applying the file does. */
    async watch(...names: string[]) {
      const keys = names.map((process_name) => ({ environment: 'prod', process_name }));
      note((await evaluatePipelines(ports, keys, now)).changed, now);
    },
    /** Lets the time pass, and an event happen then. */
    async send(event: Partial<Event> & { readonly event_time: Instant }) {
      await until(event.event_time);
      const whole = anEvent(event);
      const { transitions } = await trackRuns(live, foldRuns([whole]));
      note((await evaluateChanged(ports, changedRuns(transitions), now)).changed, now);
    },
    until,
    /** How often runs were listed. */
    reads: () => reads,
  };
}

function expectationsIn(text: string): Expectations {
  const read = readFile(text);
  if (read.file === undefined) throw new Error(JSON.stringify(read.problems));
  return expectationsOf(read.file, () => []);
}
