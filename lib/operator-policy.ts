import type { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
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

/**
 * Attach it to an operator of the ledger: it allows to check every link, to send events, to dismiss rejections,
 * to settle parked objects, and to rebuild the tables.
 */
export class OperatorPolicy extends ManagedPolicy {
  constructor(scope: Construct, id: string, { description, stackArn, ...links }: OperatorPolicyProps) {
    super(scope, id, { description });
    const { lake, live, ingest, liveLane, alerting, deadLetters } = links;
    grantFind(this, stackArn);
    live.grantReadWrite(this);
    lake.grantRebuild(this);
    lake.grantDecide(this);
    lake.grantListTables(this);
    ingest.grantPut(this);
    const grantDescribe = (actions: string[], ...resourceArns: string[]) =>
      Grant.addToPrincipal({ grantee: this, actions, resourceArns });
    grantDescribe(['firehose:DescribeDeliveryStream'], ingest.stream.deliveryStreamArn);
    grantDescribe(['lambda:GetFunctionConfiguration'], ingest.accept.function.functionArn);
    grantDescribe(['sqs:GetQueueAttributes'], liveLane.untracked.queue.queueArn, deadLetters.queue.queueArn);
    grantDescribe(['sns:ListSubscriptionsByTopic'], alerting.mail.topicArn, alerting.chat.topicArn);
  }
}

/** The stack by its name, as the command line asks for it: its id has a part that only AWS knows. */
export const stackArnOf = (stack: Stack): string =>
  stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stack.stackName}/*` });

/** Allows to read the stack's outputs, which name its resources. */
export const grantFind = (grantee: IGrantable, stackArn: string): Grant =>
  Grant.addToPrincipal({ grantee, actions: ['cloudformation:DescribeStacks'], resourceArns: [stackArn] });
