import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test } from 'vitest';
import { openBus } from '../../../adapters/eventbridge/bus.ts';
import type { LedgerEvent } from '../../../core/ledger-event.ts';

describe('the bus', () => {
  const said = (count: number): LedgerEvent[] =>
    Array.from({ length: count }, (_, runs) => ({ word: 'Runs Silent', detail: { runs } }));

  test('takes ten events a call', async () => {
    const client = new EventBridgeClient({ region: 'eu-west-1' });
    const mock = mockClient(client).on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    await openBus({ client, bus: 'ledger' }).say(said(23));
    expect(mock.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.length)).toEqual([10, 10, 3]);
  });

  test('that refuses one in a call that succeeds is an error with its reason', async () => {
    const client = new EventBridgeClient({ region: 'eu-west-1' });
    mockClient(client)
      .on(PutEventsCommand)
      .resolves({
        FailedEntryCount: 1,
        Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' }],
      });
    await expect(openBus({ client, bus: 'ledger' }).say(said(2))).rejects.toThrow(
      'expected the bus ledger to take 2 events, but it refused 1 (ThrottlingException: slow)',
    );
  });
});
