import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { Incident } from '../../core/alert/incident.ts';
import { epochMsOf, type Instant, instantOf } from '../../core/instant.ts';
import { expectationsOf } from '../../core/pipelines/expectations.ts';
import { readFile } from '../../core/pipelines/read-file.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { viewOf } from '../../core/run/run-view.ts';
import type { Event } from '../../core/schema/event.ts';
import { evaluatePipeline } from '../../flows/evaluate-pipeline.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';
import { fakePipelineWatches } from '../fakes/pipeline-watches.ts';

/** A ledger that only alerts, on a simulated clock: a file of pipelines, events as they happen, and a tick a minute. */
export function alertWorld(file: string, from: Instant) {
  const read = readFile(file);
  if (read.file === undefined) throw new Error(JSON.stringify(read.problems));
  const expectations = expectationsOf(read.file, () => []);
  const live = openLiveStore(':memory:');
  const incidents = fakeIncidentStore();
  const watches = fakePipelineWatches();
  const ports = { live, incidents, watches, expectations };
  /** What was told, as `kind slot reasons`, in order. */
  const told: string[] = [];
  let now = from;

  const note = (changed: readonly Incident[], at: Instant) => {
    for (const { slot, outbox, severity } of changed) {
      for (const made of outbox.filter((each) => each.at === at)) {
        const reasons = made.reasons.length > 0 ? ` ${made.reasons.join(' ')}` : '';
        const line = `${at.slice(5, 16)} ${made.kind} ${severity} ${slot.replace(/^\d{4}-(.*):00.000Z$/, '$1')}${reasons}`;
        if (!told.includes(line)) told.push(line);
      }
    }
  };

  const tick = async (): Promise<void> => {
    for (const watch of await watches.dueWatches(now, 1000)) note(await evaluatePipeline(ports, watch, [], now), now);
  };
  const until = async (moment: Instant): Promise<void> => {
    while (now < moment) {
      now = instantOf(Math.min(epochMsOf(now) + 60_000, epochMsOf(moment)));
      await tick();
    }
  };
  return {
    told,
    incidents,
    watches,
    /** Begins to watch these pipelines, as applying the file does. */
    async watch(...names: string[]) {
      for (const process_name of names)
        note(await evaluatePipeline(ports, { environment: 'prod', process_name }, [], now), now);
    },
    /** Lets the time pass, and an event happen then. */
    async send(event: Partial<Event> & { readonly event_time: Instant }) {
      await until(event.event_time);
      const whole = anEvent(event);
      const { transitions } = await trackRuns(live, foldRuns([whole]));
      const touched = transitions.map(({ after }) => viewOf(after).run);
      const { environment, process_name } = whole;
      note(await evaluatePipeline(ports, { environment, process_name }, touched, now), now);
    },
    until,
  };
}
