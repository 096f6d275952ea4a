import { Grant, type IGrantable, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TABLES } from '../core/schema/columns.ts';
import type { Alerting } from './alerting.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Ingest } from './ingest.ts';
import type { Lake } from './lake.ts';
import type { LiveLane } from './live-lane.ts';
import type { LiveStore } from './live-store.ts';

export interface OperatorPolicyProps {
  readonly description: string;
  readonly stackArn: string;
  readonly lake: Lake;
  readonly live: LiveStore;
  readonly ingest: Ingest;
  readonly liveLane: LiveLane;
  readonly alerting: Alerting;
  readonly deadLetters: DeadLetters;
}

/** Attach it to who operates the ledger: whoever has it may look at every link, send, and rebuild the tables. */
export class OperatorPolicy extends ManagedPolicy {
  constructor(scope: Construct, id: string, { description, stackArn, ...links }: OperatorPolicyProps) {
    super(scope, id, { description });
    const { lake, live, ingest, liveLane, alerting, deadLetters } = links;
    grantFind(this, stackArn);
    live.grantReadWrite(this);
    lake.grantWrite(
      this,
      TABLES.map(({ name }) => name),
    );
    lake.grantListTables(this);
    lake.grantBuildBeside(this);
    ingest.grantPut(this);
    const look = (actions: string[], ...resourceArns: string[]) =>
      Grant.addToPrincipal({ grantee: this, actions, resourceArns });
    look(['firehose:DescribeDeliveryStream'], ingest.stream.deliveryStreamArn);
    look(['lambda:GetFunctionConfiguration'], ingest.accept.function.functionArn);
    look(['sqs:GetQueueAttributes'], liveLane.untracked.queue.queueArn, deadLetters.queue.queueArn);
    look(['sns:ListSubscriptionsByTopic'], alerting.mail.topicArn, alerting.chat.topicArn);
  }
}

/** Finds what belongs to the stack, by its outputs. */
export const grantFind = (grantee: IGrantable, stackArn: string): Grant =>
  Grant.addToPrincipal({ grantee, actions: ['cloudformation:DescribeStacks'], resourceArns: [stackArn] });
