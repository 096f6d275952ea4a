import type { ObjectCreatedMessage } from '../adapters/lambda-events/landed-objects.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { type EvaluatePorts, evaluateRuns } from '../flows/evaluate.ts';
import { trackObject } from '../flows/track-object.ts';

/** Where landed objects are read and tracked, and where their alerts go. */
export interface TrackMessagesPorts extends EvaluatePorts {
  readonly store: ObjectStore;
  readonly live: LiveStore;
  readonly clock: Clock;
}

/** What became of a batch of messages about landed objects. */
export interface TrackedMessages {
  /** Ids of the messages that failed. */
  readonly failed: readonly string[];
  /** messages = tracked + failed; the rest counts what the messages named and what was found in it. */
  readonly counts: {
    readonly messages: number;
    readonly tracked: number;
    readonly failed: number;
    readonly objects: number;
    readonly parked_objects: number;
    readonly events: number;
    readonly runs: number;
    readonly published: number;
  };
  /** Why messages failed and objects were parked. */
  readonly errors: readonly unknown[];
}

/** Tracks each landed object and evaluates its runs. A message that fails does not hold up the others. */
export async function trackMessages(
  ports: TrackMessagesPorts,
  messages: readonly ObjectCreatedMessage[],
): Promise<TrackedMessages> {
  const failed: string[] = [];
  const errors: unknown[] = [];
  const total = { objects: 0, parked_objects: 0, events: 0, runs: 0, published: 0 };
  const track = async (message: ObjectCreatedMessage): Promise<void> => {
    if ('unreadable' in message) throw new Error(message.unreadable);
    for (const object of message.objects) {
      const { events, transitions, parked, failures } = await trackObject(ports.store, ports.live, object);
      const runs = transitions.map(({ after }) => after);
      if (parked !== undefined) errors.push(parked);
      errors.push(...failures);
      total.published += await evaluateRuns(ports, runs, ports.clock.now());
      total.objects += 1;
      total.parked_objects += parked === undefined ? 0 : 1;
      total.events += events;
      total.runs += runs.length;
    }
  };
  for (const message of messages) {
    try {
      await track(message);
    } catch (error) {
      errors.push(error);
      failed.push(message.message_id);
    }
  }
  const tracked = messages.length - failed.length;
  return { failed, counts: { messages: messages.length, tracked, failed: failed.length, ...total }, errors };
}
