import { join } from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface SecondSinkProps extends StackProps {
  /** Output `BucketName` of the ledger, which is deployed with `bucketEvents=true`. */
  readonly bucketName: string;
  /** A Firehose stream of your own, whose destination is the other system. */
  readonly streamName: string;
}

/** Sends every accepted event to a second system: EventBridge → SQS → a function that reads the landed object. */
export class SecondSink extends Stack {
  constructor(scope: Construct, id: string, { bucketName, streamName, ...props }: SecondSinkProps) {
    super(scope, id, props);
    const refused = new Queue(this, 'Refused', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const landed = new Queue(this, 'Landed', {
      enforceSSL: true,
      visibilityTimeout: Duration.minutes(12),
      deadLetterQueue: { queue: refused, maxReceiveCount: 5 },
    });
    new Rule(this, 'Rule', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucketName] }, object: { key: [{ prefix: 'raw/' }] } },
      },
      targets: [new SqsQueue(landed)],
    });
    const forward = new LambdaFunction(this, 'ForwardLines', {
      code: Code.fromAsset(join(import.meta.dirname, 'forward-lines')),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      memorySize: 512,
      timeout: Duration.minutes(2),
      environment: { SINK_STREAM: streamName },
    });
    forward.addEventSource(new SqsEventSource(landed, { batchSize: 10, reportBatchItemFailures: true }));
    Bucket.fromBucketName(this, 'Bucket', bucketName).grantRead(forward, 'raw/*');
    DeliveryStream.fromDeliveryStreamName(this, 'Stream', streamName).grantPutRecords(forward);
  }
}
