import { Duration, Size } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type IGrantable, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Compression,
  DeliveryStream,
  EnableLogging,
  LambdaFunctionProcessor,
  S3Bucket,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import type { Lake } from './lake.ts';
import type { Options } from './options.ts';
import { PREFIXES } from './prefixes.ts';

export interface IngestProps {
  readonly options: Options;
  readonly lake: Lake;
  readonly deadLetters: DeadLetters;
}

const BY_HOUR = 'dt=!{timestamp:yyyy-MM-dd}/hh=!{timestamp:HH}/';

/** Receives events: a Firehose stream whose transform accepts each line, and a function that accepts failed records again. */
export class Ingest extends Construct {
  readonly stream: DeliveryStream;
  readonly accept: LedgerFunction;
  readonly reaccept: LedgerFunction;
  /** Attach it to the role of a pipeline: it allows to put records and nothing else. */
  readonly producerPolicy: ManagedPolicy;
  /** The role for an EventBridge rule, on any bus of the account, that sends its events into the stream. */
  readonly ruleRole: Role;

  constructor(scope: Construct, id: string, { options, lake, deadLetters }: IngestProps) {
    super(scope, id);
    const environment = { LEDGER_BUCKET: lake.bucket.bucketName, ...acceptEnvironment(options) };
    this.accept = new LedgerFunction(this, 'AcceptEvents', {
      ...functionDefaults(options),
      handler: 'accept-events',
      description: 'Accepts the lines of a Firehose batch: normalises, masks, stamps, and writes rejections',
      environment,
      memoryMb: 1024,
      // Firehose waits five minutes at most.
      timeout: Duration.minutes(4),
    });
    lake.grantLand(this.accept.function);
    lake.grantReadSettings(this.accept.function);

    this.stream = new DeliveryStream(this, 'Stream', {
      encryption: StreamEncryption.awsOwnedKey(),
      destination: new S3Bucket(lake.bucket, {
        dataOutputPrefix: `${PREFIXES.raw}${BY_HOUR}`,
        errorOutputPrefix: `${PREFIXES.failed}!{firehose:error-output-type}/${BY_HOUR}`,
        bufferingInterval: Duration.seconds(options.flushSeconds),
        // Tracking reads each object whole into memory.
        bufferingSize: Size.mebibytes(16),
        compression: Compression.GZIP,
        processors: [
          new LambdaFunctionProcessor(this.accept.function, {
            // Accepted lines are longer than received ones: the answer to 3 MB would not fit into a response of 6 MB.
            bufferSize: Size.mebibytes(1),
            bufferInterval: Duration.seconds(Math.min(options.flushSeconds, 60)),
            retries: 3,
          }),
        ],
        loggingConfig: new EnableLogging(new LogGroup(this, 'StreamLogs', functionDefaults(options).logs)),
      }),
    });

    this.reaccept = new LedgerFunction(this, 'ReacceptFailed', {
      ...functionDefaults(options),
      handler: 'reaccept-failed',
      description: 'Accepts the records again that Firehose could not transform',
      environment,
      memoryMb: 1024,
      timeout: Duration.minutes(5),
    });
    lake.grantLand(this.reaccept.function);
    lake.grantReadSettings(this.reaccept.function);
    lake.grantReadFailed(this.reaccept.function);
    this.reaccept.function.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(deadLetters.queue) });
    lake.bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(this.reaccept.function), {
      prefix: PREFIXES.failed,
    });

    this.producerPolicy = new ManagedPolicy(this, 'ProducerPolicy', {
      description: `Lets a pipeline put its events into the ledger of stack ${options.stackName}`,
    });
    this.grantPut(this.producerPolicy);
    this.ruleRole = new Role(this, 'RuleRole', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
    this.grantPut(this.ruleRole);
  }

  /** Allows to put records into the stream. */
  grantPut(grantee: IGrantable): void {
    this.stream.grants.putRecords(grantee);
  }

  /** Age of the oldest event that has not reached the bucket, in seconds. */
  metricFreshness(): Metric {
    return this.stream.metric('DeliveryToS3.DataFreshness', { period: Duration.minutes(5), statistic: 'Maximum' });
  }

  /** Records that Firehose refused because the stream was at its limit; clients send them again. */
  metricThrottled(): Metric {
    return this.stream.metric('ThrottledRecords', { period: Duration.minutes(5), statistic: 'Sum' });
  }

  /** Lines that became rejections. */
  metricRejected(): Metric {
    return this.accept.metric('rejected_lines', 'Sum');
  }

  /** Records that Firehose wrote into error envelopes. */
  metricFailed(): Metric {
    return this.reaccept.metric('failed_records', 'Sum');
  }

  /** Bytes of events that the stream received. */
  metricIncoming(): Metric {
    return this.stream.metricIncomingBytes({ period: Duration.minutes(5), statistic: 'Sum' });
  }
}

/** The configuration of accept as environment variables: see `AcceptSettings`. */
const acceptEnvironment = (options: Options): Readonly<Record<string, string>> => ({
  LEDGER_ENVIRONMENT: options.environment,
  LEDGER_ZONE: options.zone,
  LEDGER_KEEP_USER_EMAIL: String(options.keepUserEmail),
  LEDGER_MASK_PATTERNS: JSON.stringify(options.maskPatterns),
});
