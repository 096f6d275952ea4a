import { Duration, Size } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AccountPrincipal, CompositePrincipal, type IGrantable, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
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
import { deliveryRole } from './delivery-role.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import type { Lake } from './lake.ts';
import { PREFIXES } from './prefixes.ts';
import { serviceOfThisAccount } from './trust.ts';

export interface IngestProps {
  readonly options: Deployment;
  readonly lake: Lake;
  readonly deadLetters: DeadLetters;
}

/** How long Firehose gathers records for one call of the transform. */
const TRANSFORM_SECONDS = 5;

const BY_HOUR = 'dt=!{timestamp:yyyy-MM-dd}/hh=!{timestamp:HH}/';

/** Receives events: a Firehose stream whose transform accepts each line, and a function that accepts failed records again. */
export class Ingest extends Construct {
  readonly stream: DeliveryStream;
  readonly accept: LedgerFunction;
  readonly reaccept: LedgerFunction;
  /** Attach it to the role of a pipeline: it allows to put records and nothing else. */
  readonly producerPolicy: ManagedPolicy;
  /** The role that pipelines of other accounts take: Firehose itself lets no other account in. */
  readonly producerRole: Role | undefined;
  /** The role for an EventBridge rule, on any bus of the account, that sends its events into the stream. */
  readonly ruleRole: Role;
  private readonly flushSeconds: number;

  constructor(scope: Construct, id: string, { options, lake, deadLetters }: IngestProps) {
    super(scope, id);
    this.flushSeconds = options.flushSeconds;
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

    const logs = new LogGroup(this, 'StreamLogs', functionDefaults(options).logs);
    const role = deliveryRole(this, 'StreamRole', { lake, transform: this.accept.function, logs });
    this.stream = new DeliveryStream(this, 'Stream', {
      ...(options.encryptionKey === undefined
        ? { encryption: StreamEncryption.awsOwnedKey() }
        : { encryption: StreamEncryption.customerManagedKey(options.encryptionKey), role }),
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
            // Firehose waits for this and then for its own interval. Less would be a call for nearly every record that
            // comes alone: at one a second, 2.6 million calls a month.
            bufferInterval: Duration.seconds(Math.min(options.flushSeconds, TRANSFORM_SECONDS)),
            retries: 3,
          }),
        ],
        loggingConfig: new EnableLogging(logs),
        role: role.withoutPolicyUpdates(),
      }),
    });
    this.stream.node.addDependency(role);

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
    this.ruleRole = new Role(this, 'RuleRole', { assumedBy: serviceOfThisAccount('events.amazonaws.com') });
    this.grantPut(this.ruleRole);
    this.producerRole = options.producerAccounts.length === 0 ? undefined : this.roleOfOthers(options);
  }

  private roleOfOthers({ stackName, producerAccounts, producerExternalId }: Deployment): Role {
    const role = new Role(this, 'ProducerRole', {
      description: `Lets pipelines of other accounts put their events into the ledger of stack ${stackName}`,
      assumedBy: new CompositePrincipal(...producerAccounts.map((account) => new AccountPrincipal(account))),
      ...(producerExternalId !== undefined && { externalIds: [producerExternalId] }),
    });
    this.grantPut(role);
    return role;
  }

  /** Allows to put records into the stream. */
  grantPut(grantee: IGrantable): void {
    this.stream.grants.putRecords(grantee);
  }

  /** Age of the oldest event that has not reached the bucket, in seconds. */
  metricFreshness(): Metric {
    // It is measured at each delivery.
    const period = Duration.minutes(Math.max(5, Math.ceil(this.flushSeconds / 60)));
    return this.stream.metric('DeliveryToS3.DataFreshness', { period, statistic: 'Maximum' });
  }

  /** Records that Firehose refused because the stream was at its limit; clients send them again. */
  metricThrottled(): Metric {
    return this.stream.metric('ThrottledRecords', { period: Duration.minutes(5), statistic: 'Sum' });
  }

  /** Lines that became rejections. */
  metricRejected(): Metric {
    return this.accept.metric('rejected_lines', 'Sum', Duration.hours(1));
  }

  /** Records that Firehose wrote into error envelopes. */
  metricFailed(): Metric {
    // Firehose writes envelopes as seldom as it lands objects.
    return this.reaccept.metric('failed_records', 'Sum', Duration.minutes(15));
  }

  /** Bytes of events that the stream received. */
  metricIncoming(): Metric {
    return this.stream.metricIncomingBytes({ period: Duration.minutes(5), statistic: 'Sum' });
  }
}

/** The configuration of accept as environment variables: see `AcceptSettings`. */
export const acceptEnvironment = (options: Deployment): Readonly<Record<string, string>> => ({
  LEDGER_ENVIRONMENT: options.environment,
  LEDGER_ZONE: options.zone,
  LEDGER_KEEP_USER_EMAIL: String(options.keepUserEmail),
  LEDGER_MASK_PATTERNS: JSON.stringify(options.maskPatterns),
});
