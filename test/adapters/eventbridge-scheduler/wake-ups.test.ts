import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { openWakeUps } from '../../../adapters/eventbridge-scheduler/wake-ups.ts';

const KEY = { environment: 'prod', process_name: 'orders', slot: '2025-11-03T02:00:00.000Z' };
const AT = '2025-11-03T02:06:00.001Z';

function mocked() {
  const client = new SchedulerClient({ region: 'eu-west-1' });
  const mock = mockClient(client);
  const wakeUps = openWakeUps({ client, group: 'wake-ups', targetArn: 'arn:recover', roleArn: 'arn:role' });
  const planned = () => mock.commandCalls(CreateScheduleCommand).map(({ args }) => args[0].input);
  return { mock, wakeUps, planned };
}

test('a moment is a one-time schedule that calls the function with the slot, and deletes itself', async () => {
  const { mock, wakeUps, planned } = mocked();
  mock.on(CreateScheduleCommand).resolves({});
  await wakeUps.plan({ ...KEY, ...{ restarts: [], told: 0 } }, AT);
  expect(planned()).toEqual([
    {
      Name: expect.stringMatching(/^[\w.-]{1,64}$/),
      GroupName: 'wake-ups',
      // Whole seconds, and never before the moment.
      ScheduleExpression: 'at(2025-11-03T02:06:01)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: 'arn:recover',
        RoleArn: 'arn:role',
        Input: JSON.stringify({ recoveries: [KEY] }),
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
      },
    },
  ]);
});

test('two who plan the same moment of a slot name one schedule; another moment or slot is another one', async () => {
  const { mock, wakeUps, planned } = mocked();
  mock.on(CreateScheduleCommand).resolves({});
  await wakeUps.plan(KEY, AT);
  await wakeUps.plan(KEY, AT);
  await wakeUps.plan(KEY, '2025-11-03T02:07:00.000Z');
  await wakeUps.plan({ ...KEY, slot: 'run a' }, AT);
  const names = planned().map(({ Name }) => Name);
  expect(names[0]).toBe(names[1]);
  expect(new Set(names).size).toBe(3);
});

test('a schedule that is there already is planned; any other refusal says what carries out what is due', async () => {
  const { mock, wakeUps } = mocked();
  mock.on(CreateScheduleCommand).rejectsOnce(Object.assign(new Error('exists'), { name: 'ConflictException' }));
  await wakeUps.plan(KEY, AT);
  mock.on(CreateScheduleCommand).rejects(Object.assign(new Error('slow'), { name: 'ThrottlingException' }));
  await expect(wakeUps.plan(KEY, AT)).rejects.toThrow(
    'Expected to plan a schedule in the group wake-ups, got ThrottlingException: slow. What is due is carried out by the clock each minute.',
  );
});
