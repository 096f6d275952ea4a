import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test } from 'vitest';
import { skewFinding } from '../../../cli/aws/aws-clock.ts';
import { examineStack } from '../../../cli/aws/examine.ts';
import { ingestChecks } from '../../../cli/aws/ingest-checks.ts';
import { lakeChecks } from '../../../cli/aws/lake-checks.ts';
import { topicChecks } from '../../../cli/aws/topic-checks.ts';
import { type Finding, runChecks } from '../../../cli/doctor/check.ts';
import type { ObjectStore } from '../../../core/ports/object-store.ts';
import { VERSION } from '../../../ledger/version.ts';
import { anIo, NOW } from '../fakes.ts';
import { OUTPUTS } from './outputs.ts';

const region = 'us-east-1';
const clock = { now: () => NOW };
const of = (checks: readonly Finding[], name: string) => checks.filter(({ link }) => link === name);

describe('the way in', () => {
  const store = { list: async function* () {} } as unknown as ObjectStore;
  const withTransform = {
    Enabled: true,
    Processors: [{ Type: 'Lambda', Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: 'arn:accept' }] }],
  };
  async function examined({
    status = 'ACTIVE',
    processing = withTransform as object,
    lambda = {},
    waiting = '0',
  } = {}) {
    const clients = {
      firehose: new FirehoseClient({ region }),
      lambda: new LambdaClient({ region }),
      sqs: new SQSClient({ region }),
    };
    mockClient(clients.firehose)
      .on(DescribeDeliveryStreamCommand)
      .resolves({
        DeliveryStreamDescription: {
          DeliveryStreamStatus: status,
          Destinations: [{ ExtendedS3DestinationDescription: { ProcessingConfiguration: processing } }],
        } as never,
      });
    mockClient(clients.lambda)
      .on(GetFunctionConfigurationCommand)
      .resolves({
        FunctionName: 'accept',
        State: 'Active',
        LastUpdateStatus: 'Successful',
        Environment: { Variables: { LEDGER_VERSION: VERSION } },
        ...lambda,
      });
    mockClient(clients.sqs)
      .on(GetQueueAttributesCommand)
      .resolves({ Attributes: { ApproximateNumberOfMessages: waiting } });
    return runChecks(ingestChecks(clients, { store }, OUTPUTS, clock));
  }

  test('is all right when every link is', async () => {
    expect((await examined()).map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  test('a stream that does not take records', async () => {
    expect(of(await examined({ status: 'DELETING' }), 'stream')).toMatchObject([
      { verdict: 'fail', found: 'ledger-stream, DELETING' },
    ]);
  });

  test('a stream whose transform somebody took away', async () => {
    expect(of(await examined({ processing: { Enabled: false } }), 'transform')).toMatchObject([
      { verdict: 'fail', found: 'the stream has no transform: lines land as they came, unmasked' },
    ]);
  });

  test('a transform that failed to update, and one of another version', async () => {
    const failed = await examined({ lambda: { LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no role' } });
    expect(of(failed, 'transform')).toMatchObject([
      { verdict: 'fail', found: `accept, Active, version ${VERSION}, last update Failed: no role` },
    ]);
    const older = await examined({ lambda: { Environment: { Variables: { LEDGER_VERSION: '0.0.1' } } } });
    expect(of(older, 'transform')).toMatchObject([
      { verdict: 'warn', found: `accept, Active, version 0.0.1, but this program is ${VERSION}` },
    ]);
  });

  test('messages that were given up', async () => {
    const checks = await examined({ waiting: '3' });
    expect(of(checks, 'untracked')).toMatchObject([
      { verdict: 'fail', found: '3 messages of objects that could not be tracked' },
    ]);
    expect(of(checks, 'undone')).toMatchObject([{ verdict: 'fail', found: '3 messages of calls that were given up' }]);
  });
});

describe('who hears alerts', () => {
  async function heardBy(mail: readonly object[], chat: readonly object[]) {
    const sns = new SNSClient({ region });
    const mock = mockClient(sns);
    mock.on(ListSubscriptionsByTopicCommand, { TopicArn: OUTPUTS.MailTopicArn }).resolves({ Subscriptions: [...mail] });
    mock.on(ListSubscriptionsByTopicCommand, { TopicArn: OUTPUTS.ChatTopicArn }).resolves({ Subscriptions: [...chat] });
    return runChecks(topicChecks(sns, OUTPUTS));
  }
  const confirmed = { Protocol: 'email', Endpoint: 'a@x', SubscriptionArn: 'arn:aws:sns:us-east-1:1:mail:1' };

  test('whoever has not confirmed is named', async () => {
    const waiting = { Protocol: 'email', Endpoint: 'b@x', SubscriptionArn: 'PendingConfirmation' };
    expect(of(await heardBy([confirmed, waiting], []), 'mail topic')).toMatchObject([
      { verdict: 'warn', found: 'email b@x has not confirmed' },
    ]);
  });

  test('nobody at all is a warning; somebody in chat is enough', async () => {
    expect(of(await heardBy([], []), 'mail topic')).toMatchObject([{ verdict: 'warn', found: 'nobody hears alerts' }]);
    expect(of(await heardBy([], [confirmed]), 'mail topic')).toMatchObject([{ verdict: 'ok' }]);
    expect(of(await heardBy([confirmed], []), 'mail topic')).toMatchObject([
      { verdict: 'ok', found: '1 subscription, confirmed' },
    ]);
  });
});

describe('the lake', () => {
  const sound = { missing: [], missing_columns: [], alterations: [] };
  const lake = (tables: object, lease: { holder: string; held_until_ms: number } | null = null) =>
    runChecks(lakeChecks({ leaseOf: async () => lease, inspectTables: async () => ({ ...sound, ...tables }) }, clock));

  test('a table that was altered by hand is named, and so is what is missing', async () => {
    const checks = await lake({
      alterations: ['job_metrics.total_runs expected bigint, got varchar'],
      missing: ['rejections'],
      missing_columns: ['pipeline_logs.extra'],
    });
    expect(of(checks, 'tables').map(({ verdict, found }) => `${verdict} ${found}`)).toEqual([
      'fail altered by hand: job_metrics.total_runs expected bigint, got varchar',
      'fail rejections is missing',
      'fail 1 column missing: pipeline_logs.extra',
    ]);
  });

  test('a writer is at work, done, or was ended in its work', async () => {
    const atMs = Date.parse(NOW);
    const said = async (lease: { holder: string; held_until_ms: number } | null) =>
      of(await lake({}, lease), 'writer of pipeline_logs')[0];
    expect(await said(null)).toMatchObject({ verdict: 'ok', found: 'free' });
    expect(await said({ holder: 'a', held_until_ms: 0 })).toMatchObject({ verdict: 'ok', found: 'free' });
    expect(await said({ holder: 'a', held_until_ms: atMs + 60_000 })).toMatchObject({
      verdict: 'ok',
      found: 'at work (a), until 2025-11-03 12:01:00 UTC at most',
    });
    expect(await said({ holder: 'a', held_until_ms: atMs - 60_000 })).toMatchObject({ verdict: 'warn' });
  });
});

test.each([
  [500, 'ok', 'agrees with that of AWS'],
  [-20_000, 'ok', '20.0 s from that of AWS'],
  [90_000, 'warn', 'this machine is 1 min 30 s ahead of AWS'],
  [-400_000, 'fail', 'this machine is 6 min 40 s behind AWS'],
  [undefined, 'warn', 'AWS did not say what time it is'],
])('a clock that is %s ms ahead: %s', (aheadMs, verdict, found) => {
  expect(skewFinding({ aheadMs: () => aheadMs })).toMatchObject({ verdict, found });
});

test('without its stack nothing else is looked at', async () => {
  const mock = mockClient(CloudFormationClient);
  mock
    .on(DescribeStacksCommand)
    .rejects(Object.assign(new Error('Stack with id x does not exist'), { name: 'ValidationError' }));
  const checks = await examineStack({ stack: 'x', region }, anIo());
  mock.restore();
  expect(checks).toMatchObject([
    { link: 'stack', verdict: 'fail', found: expect.stringContaining('there is no stack x') },
  ]);
});
