import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { readOutputs } from '../../../cli/aws/outputs.ts';
import { OUTPUTS, outputList } from './outputs.ts';

function mocked() {
  const client = new CloudFormationClient({ region: 'eu-west-1' });
  return { client, mock: mockClient(client) };
}
const stack = (StackName: string, outputs: object = OUTPUTS) => ({
  StackName,
  StackStatus: 'CREATE_COMPLETE' as const,
  CreationTime: new Date(0),
  Outputs: outputList(outputs),
});
const NOT_THERE = Object.assign(new Error('Stack with id ledger does not exist'), { name: 'ValidationError' });

test('the outputs of the stack are what the CLI goes by', async () => {
  const { client, mock } = mocked();
  mock.on(DescribeStacksCommand, { StackName: 'ledger' }).resolves({ Stacks: [stack('ledger')] });
  expect(await readOutputs(client, 'ledger')).toEqual(OUTPUTS);
});

test('a stack that is not there is said so, with the ledgers that are', async () => {
  const { client, mock } = mocked();
  mock
    .on(DescribeStacksCommand)
    .resolves({ Stacks: [stack('runledger-test'), stack('web', { Url: 'x' })], NextToken: 'n' });
  mock.on(DescribeStacksCommand, { NextToken: 'n' }).resolves({ Stacks: [stack('runledger-dev')] });
  mock.on(DescribeStacksCommand, { StackName: 'ledger' }).rejects(NOT_THERE);
  await expect(readOutputs(client, 'ledger')).rejects.toMatchObject({
    exitCode: 4,
    message:
      'there is no stack ledger in eu-west-1, but these ledgers: runledger-dev, runledger-test; say which with --stack, or another region with --region',
  });
});

test('where there is no ledger at all, it is said how to get one', async () => {
  const { client, mock } = mocked();
  mock.on(DescribeStacksCommand).resolves({ Stacks: [] });
  mock.on(DescribeStacksCommand, { StackName: 'ledger' }).rejects(NOT_THERE);
  await expect(readOutputs(client, 'ledger')).rejects.toThrow(
    'there is no stack ledger in eu-west-1, nor another ledger; say where it is with --region and --profile, or deploy one: npx cdk deploy',
  );
});

const mayNot = (resource: string) =>
  Object.assign(
    new Error(
      `User: arn:aws:iam::123456789012:user/reader is not authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/${resource} because no identity-based policy allows the action`,
    ),
    { name: 'AccessDenied' },
  );

test('a mistyped name is said to be one also to a reader, who may describe one stack alone', async () => {
  const { client, mock } = mocked();
  mock.on(DescribeStacksCommand).rejects(mayNot('*'));
  mock.on(DescribeStacksCommand, { StackName: 'leger' }).rejects(mayNot('leger/*'));
  await expect(readOutputs(client, 'leger')).rejects.toMatchObject({
    exitCode: 4,
    message: 'there is no stack leger in eu-west-1 that you may see; check its name (--stack), --region and --profile',
  });
});

test('a stack that is there, and that the caller may not describe, is no mistyped name', async () => {
  const { client, mock } = mocked();
  const refused = mayNot('ledger/5b1d2c30-9d44-11f0-8d5c-0affd5e3c2b1');
  mock.on(DescribeStacksCommand, { StackName: 'ledger' }).rejects(refused);
  await expect(readOutputs(client, 'ledger')).rejects.toBe(refused);
});

test.each([
  ['another stack', { Url: 'x' }, 'the stack ledger is no ledger: it lacks the outputs BucketName,'],
  ['a ledger of before', { StreamName: 's' }, 'it is of an older version; deploy it again'],
])('%s is told from a ledger', async (_, outputs, message) => {
  const { client, mock } = mocked();
  mock.on(DescribeStacksCommand).resolves({ Stacks: [stack('ledger', outputs)] });
  await expect(readOutputs(client, 'ledger')).rejects.toThrow(message);
});
