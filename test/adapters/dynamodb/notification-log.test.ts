import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { openNotificationLog } from '../../../adapters/dynamodb/notification-log.ts';
import { mockedTable, refusal } from './fakes.ts';

const NOW = '2025-11-03T12:00:00.000Z';

test('a claim that the table refuses is somebody else’s; any other refusal is an error', async () => {
  const { mock, settings } = mockedTable();
  mock.on(PutCommand).rejectsOnce(refusal('ConditionalCheckFailedException')).rejects(new Error('the table is away'));
  const notificationLog = openNotificationLog(settings);
  expect(await notificationLog.claim('a', NOW, 1000)).toBe(false);
  await expect(notificationLog.claim('a', NOW, 1000)).rejects.toThrow('the table is away');
});
