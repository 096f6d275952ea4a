import { setTimeout } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Bus } from '../../core/ports/bus.ts';

export interface BusSettings {
  readonly client: EventBridgeClient;
  readonly bus: string;
  readonly pause?: (delayMs: number) => Promise<unknown>;
  readonly random?: () => number;
}

const EVENTS_PER_CALL = 10;
const MAX_TRIES = 5;
const FIRST_DELAY_MS = 100;

/** Publishes events on a bus. Entries that a throttled bus refuses are sent again, over a second or two. */
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
  let left = entries;
  for (let tries = 1; ; tries++) {
    const { refused, why } = await put(settings, left);
    if (refused.length === 0) return;
    if (tries === MAX_TRIES)
      throw new Error(
        `Expected the bus ${settings.bus} to take ${entries.length} events, it refused ${refused.length} of them ` +
          `${tries} times (${why}). The next try publishes them again.`,
      );
    left = refused;
    await pause(random() * FIRST_DELAY_MS * 2 ** tries);
  }
}

/** A call that succeeds may have refused some of its entries; the answers are in the order of the request. */
async function put(
  { client, bus }: BusSettings,
  entries: readonly PutEventsRequestEntry[],
): Promise<{ readonly refused: readonly PutEventsRequestEntry[]; readonly why: string }> {
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
  return new Error(`Expected the bus ${bus} to take events, came ${came}. ${advice}`, { cause: error });
}
