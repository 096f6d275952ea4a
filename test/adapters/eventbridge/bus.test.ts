import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { openBus } from '../../../adapters/eventbridge/bus.ts';
import type { LedgerEvent } from '../../../core/alert/ledger-event.ts';

const TAKEN = { EventId: '1' };
const REFUSED = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' };

function mocked() {
  const client = new EventBridgeClient({ region: 'eu-west-1' });
  const mock = mockClient(client);
  const pauses: number[] = [];
  const bus = openBus({ client, bus: 'ledger', random: () => 1, pause: async (delayMs) => pauses.push(delayMs) });
  const sent = () =>
    mock
      .commandCalls(PutEventsCommand)
      .map(({ args }) => args[0].input.Entries?.map(({ Detail }) => JSON.parse(Detail ?? '').runs));
  return { mock, bus, pauses, sent };
}

const said = (count: number): LedgerEvent[] =>
  Array.from({ length: count }, (_, runs) => ({ type: 'Runs Silent', detail: { runs } }));

test('takes ten events a call', async () => {
  const { mock, bus, sent } = mocked();
  mock.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  await bus.publish(said(23));
  expect(sent().map((entries) => entries?.length)).toEqual([10, 10, 3]);
});

test('only what was refused is said again, with longer pauses', async () => {
  const { mock, bus, sent, pauses } = mocked();
  mock
    .on(PutEventsCommand)
    .resolvesOnce({ FailedEntryCount: 2, Entries: [REFUSED, TAKEN, REFUSED] })
    .resolvesOnce({ FailedEntryCount: 1, Entries: [TAKEN, REFUSED] })
    .resolves({ FailedEntryCount: 0 });
  await bus.publish(said(3));
  expect(sent()).toEqual([[0, 1, 2], [0, 2], [2]]);
  expect(pauses).toEqual([200, 400]);
});

test('a bus that stays busy is an error with its reason', async () => {
  const { mock, bus } = mocked();
  mock
    .on(PutEventsCommand)
    .resolvesOnce({ FailedEntryCount: 1, Entries: [TAKEN, REFUSED] })
    .resolves({ FailedEntryCount: 1, Entries: [REFUSED] });
  await expect(bus.publish(said(2))).rejects.toThrow(
    'Expected the bus ledger to take 2 events, it refused 1 of them 5 times (ThrottlingException: slow).',
  );
});

test.each([
  ['AccessDeniedException', 'Allow this role to put events on it.'],
  ['ResourceNotFoundException', 'deploy the stack that makes it'],
  ['ThrottlingException', 'The next try publishes them again.'],
])('%s is explained', async (name, advice) => {
  const { mock, bus } = mocked();
  mock.on(PutEventsCommand).rejects(Object.assign(new Error('no'), { name }));
  const saying = bus.publish(said(1));
  await expect(saying).rejects.toThrow(`Expected the bus ledger to take events, got ${name}: no.`);
  await expect(saying).rejects.toThrow(advice);
});
