import { readFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { aStack, ledgerFunctions, resourcesOf } from './a-stack.ts';

const { template } = aStack();

describe('the lake', () => {
  test('is private, encrypted and versioned, and answers over TLS only', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: Match.anyValue(),
      VersioningConfiguration: { Status: 'Enabled' },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('moves raw lines to the archive after 90 days and never deletes them, unless told to', () => {
    expect(rulesOf('raw/', template)).toMatchObject({
      Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }],
    });
    expect(rulesOf('raw/', template)).not.toHaveProperty('ExpirationInDays');
    const told = aStack({ rawArchiveAfterDays: 30, rawExpireAfterDays: 365 }).template;
    expect(rulesOf('raw/', told)).toMatchObject({ ExpirationInDays: 365, Transitions: [{ TransitionInDays: 30 }] });
  });

  test('expires nothing under the tables: their files belong to Iceberg', () => {
    expect(rulesOf('tables/', template)).toBeUndefined();
  });

  test('cancels a query that would scan more than the limit, whatever its client asks for', () => {
    aStack({ scanLimitGb: 7 }).template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 7_000_000_000, EnforceWorkGroupConfiguration: true },
    });
  });

  test('no version of an envelope, which holds unmasked lines, outlives 14 days', () => {
    const { ExpirationInDays, NoncurrentVersionExpiration } = rulesOf('failed/', template) ?? {};
    expect((ExpirationInDays ?? Number.NaN) + (NoncurrentVersionExpiration?.NoncurrentDays ?? Number.NaN)).toBe(14);
  });
});

describe('ingest', () => {
  test('takes records directly, and lands them by UTC hour of arrival', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        Prefix: 'raw/dt=!{timestamp:yyyy-MM-dd}/hh=!{timestamp:HH}/',
        ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/hh=!{timestamp:HH}/',
        CompressionFormat: 'GZIP',
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 16 },
      },
    });
  });

  test('calls the transform with 1 MB at most, so that the answer fits, and soon: Firehose waits for both buffers', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: {
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: Match.arrayWith([
                { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '5' },
                { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
                { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
              ]),
            },
          ],
        },
      },
    });
  });

  test('lands sooner when told to', () => {
    aStack({ flushSeconds: 0 }).template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: {
        BufferingHints: { IntervalInSeconds: 0, SizeInMBs: 16 },
        ProcessingConfiguration: {
          Processors: [
            { Parameters: Match.arrayWith([{ ParameterName: 'BufferIntervalInSeconds', ParameterValue: '0' }]) },
          ],
        },
      },
    });
  });

  test('hears of every object under the error prefix and every landed one', () => {
    template.hasResourceProperties('Custom::S3BucketNotifications', {
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [
          Match.objectLike({ Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'failed/' }] } } }),
        ],
        QueueConfigurations: [
          Match.objectLike({
            Events: ['s3:ObjectCreated:*'],
            Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'raw/' }] } },
          }),
        ],
      },
    });
  });
});

describe('the live lane', () => {
  test('tells the queue which messages of a batch failed, and parks one after eight tries', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { maxReceiveCount: 8, deadLetterTargetArn: Match.anyValue() },
      VisibilityTimeout: 720,
    });
  });

  test('tracks as many batches at once as the context says', () => {
    aStack({ trackConcurrency: 50 }).template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 50 },
    });
  });

  test('keeps runs in one table, paid per request, that can go back and forgets by itself', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
    });
  });
});

describe('the clock', () => {
  test.each([
    ['rate(1 minute)', 60],
    ['rate(15 minutes)', 900],
    ['cron(10 3 * * ? *)', 3600],
  ])('%s: a call that could not be made is given up after %i s and kept', (ScheduleExpression, age) => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression,
      Target: {
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: age },
        DeadLetterConfig: { Arn: Match.anyValue() },
      },
    });
  });

  test('runs the history lane as often as the context says', () => {
    aStack({ compactEveryMinutes: 20 }).template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(20 minutes)',
    });
  });
});

describe('the bus', () => {
  test.each([['Events Compacted'], ['Runs Summarized', 'Runs Silent'], ['Notices Waiting'], ['Recoveries Waiting']])(
    'hands on %s, three tries, then kept',
    (...words) => {
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { source: ['runledger'], 'detail-type': words },
        Targets: [
          Match.objectLike({
            DeadLetterConfig: Match.anyValue(),
            RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
          }),
        ],
      });
    },
  );
});

describe('alerting', () => {
  test('publishes to topics under a key that alarms may use too', () => {
    template.resourceCountIs('AWS::SNS::Topic', 2);
    template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: false,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      },
    });
  });

  test('subscribes the addresses of the context, and nobody without', () => {
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    const told = aStack({ alertEmails: 'a@example.com,b@example.com' }).template;
    told.resourceCountIs('AWS::SNS::Subscription', 2);
    told.allResourcesProperties('AWS::SNS::Subscription', { Protocol: 'email' });
  });

  test('lets the Slack channel read, and nothing more', () => {
    template.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
    const told = aStack({ slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD' }).template;
    told.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      GuardrailPolicies: [{ 'Fn::Join': ['', Match.arrayWith([':iam::aws:policy/CloudWatchReadOnlyAccess'])] }],
      SnsTopicArns: [{ Ref: Match.stringLikeRegexp('AlertingChat') }],
    });
  });
});

describe('recovery', () => {
  test('what starts runs is called on the bus, and repeats no call by itself', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^RecoveryRecover') },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
    template.resourceCountIs('AWS::Scheduler::ScheduleGroup', 1);
  });

  test('the role of its schedules is one that only the scheduler of this account takes', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
  });
});

describe('operations', () => {
  test('every alarm says what it means and reaches mail and chat', () => {
    const alarms = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(20);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmDescription).toMatch(/^[A-Z]\w+: .{20,}/);
      expect(Properties.AlarmActions).toHaveLength(2);
      expect(Properties.OKActions).toHaveLength(2);
    }
  });

  test('docs/operations.md says of every alarm what to do', () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    const names = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => String(Properties.AlarmDescription).split(':')[0],
    );
    expect(names.filter((name) => !page.includes(`\n### ${name}\n`))).toEqual([]);
  });

  test.each([
    ['Rejected', { rejectedPerHour: 25 }, { Period: 3600, Threshold: 25 }],
    // Measured at each delivery.
    ['Freshness', { flushSeconds: 900 }, { Period: 900, Threshold: 1800 }],
    // Written once a night.
    ['Found', {}, { Period: 86_400 }],
    ['Unmaintained', {}, { Period: 86_400 }],
    // At a tick a day, a day is no lag.
    ['CompactionLag', { compactEveryMinutes: 1440 }, { Period: 300, Threshold: 2 * 86_400 }],
    ['SummaryLag', { compactEveryMinutes: 1440 }, { Period: 300, Threshold: 2 * 86_400 }],
    ['CompactionLag', { compactEveryMinutes: 1 }, { Threshold: 3600 }],
    ['SummaryLag', { compactEveryMinutes: 1 }, { Threshold: 7200 }],
  ])('the alarm %s has a period no shorter than its metric’s, and fits the options: %j', (name, options, expected) => {
    aStack(options).template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp(`^${name}:`),
      ...expected,
    });
  });

  test.each([
    [1, 20 * 60],
    [15, 20 * 60],
    [60, 65 * 60],
    [1440, 86_400],
  ])(
    'failures of stages that run every %i minutes are summed over %i seconds, of every function but the clock and what starts runs',
    (minutes, Period) => {
      const of = aStack({ compactEveryMinutes: minutes, accessLog: true }).template;
      const { Metrics } = alarmOf('Failing', of);
      const errors = Metrics.filter(({ MetricStat }) => MetricStat !== undefined);
      expect(errors.map(({ MetricStat }) => MetricStat?.Period)).toEqual(errors.map(() => Period));
      const watched = errors.map(({ MetricStat }) => JSON.stringify(MetricStat?.Metric.Dimensions));
      const ours = Object.entries(ledgerFunctions(of)).filter(
        ([name]) => !/MigrateTables|CheckDeadlines|Recover/.test(name),
      );
      expect(ours.filter(([, { id }]) => !watched.some((dimensions) => dimensions.includes(id)))).toEqual([]);
      // "A math expression used for an alarm can include as many as 10 metrics" (user guide of CloudWatch).
      expect(errors.length).toBeLessThanOrEqual(10);
    },
  );

  test('a landed object that SQS brings again, after the function that had it was ended, is not late yet', () => {
    const { Threshold } = alarmOf('TrackingLag', template);
    const queues = Object.values(resourcesOf(template, 'AWS::SQS::Queue'));
    const visibility = Math.max(...queues.map(({ Properties }) => Number(Properties.VisibilityTimeout ?? 0)));
    expect(Threshold).toBeGreaterThanOrEqual(visibility + 120);
  });

  test('what the queries of an hour scanned includes those that were cancelled: they are billed', () => {
    const { Metrics } = alarmOf('Scanned', template);
    const states = Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? []).filter(
      ({ Name }) => Name === 'QueryState',
    );
    expect(states.map(({ Value }) => Value)).toEqual(['SUCCEEDED', 'CANCELLED']);
  });

  test('a night’s maintenance that failed is tried again twice, then kept among the undone', () => {
    const maintain = ledgerFunctions(template);
    const [id] = Object.entries(maintain).flatMap(([name, each]) => (name.endsWith('MaintainTables') ? each.id : []));
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: id },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  test('one dashboard shows what every alarm looks at', () => {
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

test('whoever puts records, reads, or sends from a rule finds what to attach among the outputs', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'BucketName',
    'BusName',
    'ChatTopicArn',
    'DatabaseName',
    'Environment',
    'MailTopicArn',
    'NotifyFunctionName',
    'OperatorPolicyArn',
    'ProducerPolicyArn',
    'ReaderPolicyArn',
    'RecoverFunctionName',
    'ResponderPolicyArn',
    'RuleRoleArn',
    'StreamName',
    'TableName',
    'UndoneQueueUrl',
    'UntrackedQueueUrl',
    'WorkgroupName',
  ]);
});

interface Alarm {
  readonly Threshold: number;
  readonly Metrics: readonly {
    readonly MetricStat?: {
      readonly Period: number;
      readonly Metric: { readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[] };
    };
  }[];
}

function alarmOf(name: string, of: Template): Alarm {
  const alarms = Object.values(resourcesOf(of, 'AWS::CloudWatch::Alarm'));
  const found = alarms.find(({ Properties }) => String(Properties.AlarmDescription).startsWith(`${name}:`));
  return found?.Properties as unknown as Alarm;
}

interface LifecycleRule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

function rulesOf(prefix: string, of: Template): LifecycleRule | undefined {
  const [bucket] = Object.values(resourcesOf(of, 'AWS::S3::Bucket'));
  const configuration = bucket?.Properties.LifecycleConfiguration as { Rules: readonly LifecycleRule[] } | undefined;
  return configuration?.Rules.find(({ Prefix }) => Prefix === prefix);
}
