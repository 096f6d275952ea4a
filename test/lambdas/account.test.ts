import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test } from 'vitest';
import { openMarks } from '../../adapters/dynamodb/marks.ts';
import { openBus } from '../../adapters/eventbridge/bus.ts';
import type { LedgerEvent } from '../../core/ledger-event.ts';
import { openDeadlines } from '../../lambdas/deadlines.ts';
import { acceptSettingsFrom, storeFrom } from '../../lambdas/ports.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const aTable = () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));
  return { mock: mockClient(client), settings: { client, table: 'ledger' } };
};

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

test('a claim that the table refuses is somebody else’s; any other refusal is an error', async () => {
  const { mock, settings } = aTable();
  mock
    .on(PutCommand)
    .rejectsOnce(new ConditionalCheckFailedException({ $metadata: {}, message: 'no' }))
    .rejects(new Error('the table is away'));
  const marks = openMarks(settings);
  expect(await marks.claim('a', NOW, 1000)).toBe(false);
  await expect(marks.claim('a', NOW, 1000)).rejects.toThrow('the table is away');
});

test('a deadline is written once by a function that stays warm, and found from its very millisecond on', async () => {
  const { mock, settings } = aTable();
  mock.on(QueryCommand).resolves({ Items: [] });
  const deadlines = openDeadlines(settings);
  const deadline = { at: NOW, environment: 'prod', process_name: 'daily', run_id: '1' };
  await deadlines.put(deadline);
  await deadlines.put(deadline);
  const written = mock.commandCalls(PutCommand).map(({ args }) => String(args[0].input.Item?.sk));
  expect(written).toEqual([`${NOW} ["prod","daily","1"]`]);
  await deadlines.due(NOW, 10);
  const asked = mock.commandCalls(QueryCommand)[0]?.args[0].input.ExpressionAttributeValues;
  expect((written[0] ?? '') < String(asked?.[':now'])).toBe(true);
});

test('a function that was deployed without what it needs names it', () => {
  expect(() => storeFrom({})).toThrow(
    'expected the environment variable LEDGER_BUCKET, but came none; deploy the stack again',
  );
  expect(() => acceptSettingsFrom({ LEDGER_MASK_PATTERNS: '' })).toThrow('LEDGER_MASK_PATTERNS, but came an empty one');
});
