import { Aws, Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetters, encryptedQueue } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import type { Lake } from './lake.ts';
import type { LedgerBus } from './ledger-bus.ts';
import { type LiveStore, liveEnvironment } from './live-store.ts';
import { PREFIXES } from './prefixes.ts';
import { grantSecrets } from './secrets.ts';

export interface LiveLaneProps {
  readonly options: Deployment;
  readonly lake: Lake;
  readonly live: LiveStore;
  readonly bus: LedgerBus;
  readonly deadLetters: DeadLetters;
}

const MINUTE = Duration.minutes(1);
const HOUR = Duration.hours(1);

/** The lane of seconds: tracks every landed object, and checks the deadlines of open runs every minute. */
export class LiveLane extends Construct {
  readonly landed: Queue;
  /** Objects that could not be tracked. Fix the reason, then redrive them. */
  readonly untracked: DeadLetters;
  readonly track: LedgerFunction;
  readonly check: LedgerFunction;
  readonly slots: LedgerFunction;

  constructor(scope: Construct, id: string, { options, lake, live, bus, deadLetters }: LiveLaneProps) {
    super(scope, id);
    this.untracked = new DeadLetters(this, 'Untracked', options);
    this.landed = new Queue(this, 'Landed', {
      ...encryptedQueue(options.encryptionKey),
      enforceSSL: true,
      // Six times the function's timeout, so that no batch is given to a second invocation while the first still works.
      visibilityTimeout: Duration.minutes(12),
      // Most of an hour: see `retryFailed` in `aws/track-messages.ts`.
      deadLetterQueue: { queue: this.untracked.queue, maxReceiveCount: 8 },
    });
    lake.bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(this.landed), {
      prefix: PREFIXES.raw,
    });

    // The name of a bucket says nothing of its account, and is free again once the bucket is gone.
    this.landed.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.landed.queueArn],
        conditions: { StringNotEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );

    const environment = {
      ...liveEnvironment(live, options),
      LEDGER_BUS: bus.bus.eventBusName,
      LEDGER_BUCKET: lake.bucket.bucketName,
    };
    this.track = new LedgerFunction(this, 'TrackRuns', {
      ...functionDefaults(options),
      handler: 'track-runs',
      description:
        'Records landed objects, merges their events into the live runs, decides on failed ones, and judges their pipelines',
      environment: {
        ...environment,
        LEDGER_LANDED_QUEUE: this.landed.queueUrl,
        ...(options.dashboardPipelines.length > 0 && {
          LEDGER_ENVIRONMENT: options.environment,
          LEDGER_MEASURED_PIPELINES: JSON.stringify(options.dashboardPipelines),
        }),
      },
      memoryMb: 1024,
      timeout: Duration.minutes(2),
    });
    lake.grantReadRaw(this.track.function);
    this.track.function.addEventSource(
      // Concurrent writers of one run conflict in the live store and retry, so more of them would not be faster.
      new SqsEventSource(this.landed, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: options.trackConcurrency,
      }),
    );

    this.check = new LedgerFunction(this, 'CheckDeadlines', {
      ...functionDefaults(options),
      handler: 'check-deadlines',
      description: 'The clock: finds silent runs, decides on failed ones, and judges the pipelines that are due',
      environment,
      timeout: MINUTE,
    });
    // The address of the monitor that it beats to.
    grantSecrets(this.check.function);
    this.check.callAt(ScheduleExpression.rate(MINUTE), MINUTE, deadLetters);

    this.slots = new LedgerFunction(this, 'RecordSlots', {
      ...functionDefaults(options),
      handler: 'record-slots',
      description: 'Writes what was expected of each pipeline, and what came, to where the tables read it',
      environment: {
        ...liveEnvironment(live, options),
        LEDGER_BUCKET: lake.bucket.bucketName,
        LEDGER_ENVIRONMENT: options.environment,
      },
      timeout: Duration.minutes(10),
    });
    this.slots.callAt(ScheduleExpression.rate(HOUR), HOUR, deadLetters);
    live.grantRead(this.slots.function);
    live.grantReadIncidents(this.slots.function);
    lake.grantReadPipelines(this.slots.function);
    lake.grantRecordSlots(this.slots.function);

    for (const each of [this.track, this.check]) {
      live.grantReadWrite(each.function);
      live.grantIncidents(each.function);
      live.grantRecoveries(each.function);
      lake.grantReadPipelines(each.function);
      bus.grantPublish(each.function);
    }
  }

  /** How often the deadlines were checked. */
  metricChecks(): Metric {
    return this.check.function.metricInvocations({ statistic: 'Sum', period: Duration.minutes(5) });
  }

  /** How long the tracked object that has waited longest has waited to be compacted, in seconds. */
  metricCompactionLag(): Metric {
    return this.check.metric('compaction_lag_seconds', 'Maximum');
  }

  /** How long the compacted object that has waited longest has waited to reach the run tables, in seconds. */
  metricSummaryLag(): Metric {
    return this.check.metric('summary_lag_seconds', 'Maximum');
  }

  /** Objects that are parked because they could not be taken in. */
  metricParked(): Metric {
    return this.check.metric('parked_objects', 'Maximum');
  }

  /** Age of the oldest landed object that is not tracked, in seconds. */
  metricLag(): Metric {
    return this.landed.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' });
  }
}
