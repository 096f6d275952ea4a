import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { openBus } from '../../../adapters/eventbridge/bus.ts';
import type { LedgerEvent } from '../../../core/alert/ledger-event.ts';
import { busContract } from '../../contracts/bus.contract.ts';

/** Takes what is put, but of the first call only every second entry, as a throttled bus does. */
function aThrottledBus() {
  const client = new EventBridgeClient({ region: 'eu-west-1' });
  const taken: LedgerEvent[] = [];
  let calls = 0;
  mockClient(client)
    .on(PutEventsCommand)
    .callsFake(({ Entries = [] }: { readonly Entries?: readonly PutEventsRequestEntry[] }) => {
      calls += 1;
      const answers = Entries.map(({ DetailType, Detail = '' }, at) => {
        if (calls === 1 && at % 2 === 1) return { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' };
        taken.push({ type: DetailType, detail: JSON.parse(Detail) } as LedgerEvent);
        return { EventId: `${calls}-${at}` };
      });
      return { FailedEntryCount: answers.filter((each) => 'ErrorCode' in each).length, Entries: answers };
    });
  return { taken, bus: openBus({ client, bus: 'ledger', pause: async () => undefined }) };
}

busContract('EventBridge (mocked)', async () => {
  const { taken, bus } = aThrottledBus();
  const away = new EventBridgeClient({ region: 'eu-west-1' });
  mockClient(away).on(PutEventsCommand).rejects(new Error('the bus is away'));
  return { bus, broken: openBus({ client: away, bus: 'ledger' }), published: async () => taken };
});
