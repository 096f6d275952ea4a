import { setTimeout } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Bus } from '../../core/ports/bus.ts';
import { type Refusal, sendUntilTaken, type Waiting } from '../../core/retry.ts';

export interface BusSettings extends Partial<Waiting> {
  readonly client: EventBridgeClient;
  /** Name or ARN. */
  readonly bus: string;
}

/** PutEvents takes no more entries. */
const EVENTS_PER_CALL = 10;
/** Pauses of at most 0.2, 0.4, 0.8 and 1.6 s. */
const RETRIES = { maxTries: 5, firstDelayMs: 200, maxDelayMs: 1_600 };

/**
 * Publishes events on a bus, ten a call, in their order. What a throttled bus refuses is sent again for up to three
 * seconds; then, and at once when the bus cannot be reached, `publish` throws with what to do.
 */
export function openBus(settings: BusSettings): Bus {
  return {
    async publish(events) {
      const entries = events.map(({ type, detail }) => ({
        EventBusName: settings.bus,
        Source: 'runledger',
        DetailType: type,
        Detail: JSON.stringify(detail),
      }));
      for (let at = 0; at < entries.length; at += EVENTS_PER_CALL)
        await publishBatch(settings, entries.slice(at, at + EVENTS_PER_CALL));
    },
  };
}

async function publishBatch(settings: BusSettings, entries: readonly PutEventsRequestEntry[]): Promise<void> {
  const { pause = setTimeout, random = Math.random } = settings;
  const { refused, why } = await sendUntilTaken(entries, (left) => put(settings, left), { ...RETRIES, pause, random });
  if (refused.length > 0)
    throw new Error(
      `Expected the bus ${settings.bus} to take ${entries.length} events, it refused ${refused.length} of them ` +
        `${RETRIES.maxTries} times (${why}). The next try publishes them again.`,
    );
}

/** A call that succeeds may have refused some of its entries; the answers are in the order of the request. */
async function put(
  { client, bus }: BusSettings,
  entries: readonly PutEventsRequestEntry[],
): Promise<Refusal<PutEventsRequestEntry>> {
  try {
    const { FailedEntryCount, Entries = [] } = await client.send(new PutEventsCommand({ Entries: [...entries] }));
    if (!FailedEntryCount) return { refused: [], why: '' };
    const why = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
    return {
      refused: entries.filter((_, index) => Entries[index]?.EventId === undefined),
      why: `${why?.ErrorCode}: ${why?.ErrorMessage}`,
    };
  } catch (error) {
    throw unreachable(bus, error);
  }
}

function unreachable(bus: string, error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  const came = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const advice =
    name === 'AccessDeniedException'
      ? 'Allow this role to put events on it.'
      : name === 'ResourceNotFoundException'
        ? 'Check its name, the region and the account, or deploy the stack that makes it.'
        : 'The next try publishes them again.';
  return new Error(`Expected the bus ${bus} to take events, got ${came}. ${advice}`, { cause: error });
}
