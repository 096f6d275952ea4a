import { mockClient } from 'aws-sdk-client-mock';
import { documentClient } from '../../../adapters/dynamodb/access.ts';
import { openLiveStore } from '../../../adapters/dynamodb/live-store.ts';
import type { Clock } from '../../../core/ports/clock.ts';

export const TABLE = 'ledger';
export const clock: Clock = { now: () => '2025-11-03T12:00:00.000Z' };

/** A client that answers as told, and a store on it that does not really wait: it notes how long it would have. */
export function mockedTable(keepEndedDays?: number) {
  const client = documentClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
  const pauses: number[] = [];
  const settings = {
    client,
    table: TABLE,
    random: () => 1,
    pause: async (delayMs: number) => pauses.push(delayMs),
  };
  return { mock: mockClient(client), pauses, settings, store: openLiveStore({ ...settings, clock, keepEndedDays }) };
}

/** An error as the service names it. */
export const refusal = (name: string, message = 'refused'): Error => Object.assign(new Error(message), { name });
