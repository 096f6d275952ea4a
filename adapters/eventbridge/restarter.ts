import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Restarter } from '../../core/ports/restarter.ts';
import {
  CALL_MS,
  PlatformRefusedError,
  type PlatformSettings,
  platformRestarter,
} from '../../core/recovery/platform-restarter.ts';
import { startInput } from '../../core/recovery/start-forms.ts';

export interface EventSettings extends PlatformSettings {
  /** Tries once: `maxAttempts: 1`. A second call would be a second event. */
  readonly client: EventBridgeClient;
}

/** Publishes an event that asks for a run, which it has under `runledger`. Whether a rule takes it the bus does not say. */
export function openEvents(settings: EventSettings): Restarter {
  const { client, timeout } = settings;
  return platformRestarter(
    {
      kind: 'event',
      parts: [],
      nameOf: ({ bus }) => `the event on the bus ${bus}`,
      async start({ bus, detail_type, detail }, start) {
        const { Entries = [] } = await client.send(
          new PutEventsCommand({
            Entries: [
              { EventBusName: bus, Source: 'runledger', DetailType: detail_type, Detail: startInput(start, detail) },
            ],
          }),
          { abortSignal: timeout(CALL_MS) },
        );
        const [entry] = Entries;
        if (entry?.EventId !== undefined) return { detail: `event ${entry.EventId} on the bus ${bus}` };
        const why = `${entry?.ErrorCode ?? 'no event'}: ${entry?.ErrorMessage ?? ''}`;
        throw entry?.ErrorCode === 'InternalFailure' ? new Error(why) : new PlatformRefusedError(why);
      },
      stopping: { cannot: 'expected a way to stop the run, but an event has none' },
    },
    settings,
  );
}
