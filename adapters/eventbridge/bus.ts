import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Bus } from '../../core/ports.ts';

const EVENTS_PER_CALL = 10;

export function openBus({ client, bus }: { readonly client: EventBridgeClient; readonly bus: string }): Bus {
  return {
    async say(events) {
      for (let at = 0; at < events.length; at += EVENTS_PER_CALL) {
        const { FailedEntryCount, Entries } = await client.send(
          new PutEventsCommand({
            Entries: events.slice(at, at + EVENTS_PER_CALL).map(({ word, detail }) => ({
              EventBusName: bus,
              Source: 'runledger',
              DetailType: word,
              Detail: JSON.stringify(detail),
            })),
          }),
        );
        // A call that succeeds may have refused some of its entries.
        if (FailedEntryCount) {
          const why = Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
          throw new Error(
            `expected the bus ${bus} to take ${events.length} events, but it refused ${FailedEntryCount} (${why?.ErrorCode}: ${why?.ErrorMessage}); they are said again at the next try`,
          );
        }
      }
    },
  };
}
