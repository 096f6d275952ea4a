import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

/** Under a key of SQS, or that of the ledger. */
export const encryptedQueue = (key: IKey | undefined): Pick<QueueProps, 'encryption' | 'encryptionMasterKey'> =>
  key === undefined
    ? { encryption: QueueEncryption.SQS_MANAGED }
    : { encryption: QueueEncryption.KMS, encryptionMasterKey: key };

/** A queue of messages that every retry has failed for. They wait 14 days for a person, and any message raises an alarm. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { encryptionKey }: Pick<Deployment, 'encryptionKey'>) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      ...encryptedQueue(encryptionKey),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }

  /** The number of messages in the queue. */
  metricWaiting(): Metric {
    return this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' });
  }
}
