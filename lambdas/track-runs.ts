import type { SQSBatchResponse } from 'aws-lambda';
import { readLandings, unfinished } from '../adapters/lambda-events/landed-objects.ts';
import { lazyHandler } from '../aws/lazy-handler.ts';
import { busFrom, clock, liveFrom, notificationLogFrom, storeFrom } from '../aws/ports.ts';
import { logReport, type Report } from '../aws/report.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { type EvaluatePorts, evaluateRuns } from '../flows/evaluate.ts';
import { trackObject } from '../flows/track-object.ts';

export interface TrackRunsPorts extends EvaluatePorts {
  readonly store: ObjectStore;
  readonly live: LiveStore;
  readonly clock: Clock;
  readonly report: Report;
}

/** Tracks each landed object of a batch of messages. A message that fails stays in the queue; the others do not wait. */
export const trackRuns =
  (ports: TrackRunsPorts) =>
  async (event: unknown): Promise<SQSBatchResponse> => {
    const landings = readLandings(event);
    const failed: string[] = [];
    const errors: unknown[] = [];
    const total = { objects: 0, parked_objects: 0, events: 0, runs: 0, published: 0 };
    for (const landing of landings) {
      try {
        if ('unreadable' in landing) throw new Error(landing.unreadable);
        for (const object of landing.objects) {
          const { events, runs, parked } = await trackObject(ports.store, ports.live, object);
          if (parked !== undefined) errors.push(parked);
          total.published += await evaluateRuns(ports, runs, ports.clock.now());
          total.objects += 1;
          total.parked_objects += parked === undefined ? 0 : 1;
          total.events += events;
          total.runs += runs.length;
        }
      } catch (error) {
        errors.push(error);
        failed.push(landing.message_id);
      }
    }
    const tracked = landings.length - failed.length;
    ports.report('tracked', { messages: landings.length, tracked, failed: failed.length, ...total }, errors);
    return unfinished(failed);
  };

export const handler = lazyHandler(() => {
  const { env } = process;
  return trackRuns({
    ...{ store: storeFrom(env), live: liveFrom(env), bus: busFrom(env), notificationLog: notificationLogFrom(env) },
    ...{ clock, report: logReport() },
  });
});
