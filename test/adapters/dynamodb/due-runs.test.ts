import { BatchGetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { nextRunItem } from '../../../adapters/dynamodb/run-item.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { anEvent } from '../../factories.ts';
import { mockedTable, TABLE } from './fakes.ts';

const at = (hour: string): string => `2025-11-03T${hour}:00:00.000Z`;

test.each([
  ['another check follows', [at('13'), at('15')]],
  ['none follows, and the run will be forgotten', [at('13')]],
])('DynamoDB refuses a value that no expression uses: a check is marked with none when %s', async (_, check_times) => {
  const { mock, store } = mockedTable(30);
  const run = runOf(anEvent());
  const item = nextRunItem(undefined, run, { open: true, start_time: at('12'), check_times }, undefined);
  mock.on(BatchGetCommand).resolves({ Responses: { [TABLE]: [{ ...item }] } });
  mock.on(UpdateCommand).resolves({});

  await store.markChecked([run], at('14'));

  const [update] = mock.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
  const used = `${update?.UpdateExpression} ${update?.ConditionExpression}`.match(/:\w+/g);
  expect(new Set(used)).toEqual(new Set(Object.keys(update?.ExpressionAttributeValues ?? {})));
});
