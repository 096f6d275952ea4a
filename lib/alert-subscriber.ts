import { Aws, CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, type Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

type Protocol = 'sqs' | 'lambda' | 'firehose' | 'https';

const ARN =
  /^arn:aws[a-z-]*:(sqs|lambda|firehose):[a-z0-9-]+:(\d{12}):(?:function:|deliverystream\/)?[\w-]{1,140}(?::[\w-]{1,128})?$/;

/** How SNS reaches a subscriber; undefined when it is none. A FIFO queue takes nothing of a standard topic. */
export function protocolOf(subscriber: string): Protocol | undefined {
  const service = ARN.exec(subscriber)?.[1] as Protocol | undefined;
  if (service !== undefined) return service;
  return subscriber.length <= 2_000 && URL.canParse(subscriber) && /^https:\/\/[^\s,]+$/.test(subscriber)
    ? 'https'
    : undefined;
}

/**
 * Subscribes a queue, a function, a stream or an https address to a topic. What lies in the subscriber's hands, it must
 * allow itself (docs/operations.md); a function of this account is allowed to be called here.
 */
export class AlertSubscriber extends Construct {
  readonly subscription: CfnSubscription;

  constructor(scope: Construct, id: string, { topic, endpoint }: { readonly topic: Topic; readonly endpoint: string }) {
    super(scope, id);
    const protocol = protocolOf(endpoint);
    if (protocol === undefined) throw new Error(`expected a subscriber of alerts, but got ${endpoint}`);
    this.subscription = new CfnSubscription(this, 'Subscription', {
      ...{ topicArn: topic.topicArn, protocol, endpoint },
      ...(protocol === 'firehose' && { subscriptionRoleArn: this.deliveryRole(endpoint).roleArn }),
    });
    if (protocol === 'lambda') this.allowCall(topic, endpoint);
  }

  /** The actions that the developer guide of SNS lists for a subscribed stream. */
  private deliveryRole(stream: string): Role {
    // The guide trusts SNS without a condition, and does not say that SNS names the account for which it takes a role.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('sns.amazonaws.com') });
    const actions = ['DescribeDeliveryStream', 'ListDeliveryStreams', 'ListTagsForDeliveryStream'];
    role.addToPolicy(
      new PolicyStatement({
        actions: [...actions, 'PutRecord', 'PutRecordBatch'].map((action) => `firehose:${action}`),
        resources: [stream],
      }),
    );
    return role;
  }

  private allowCall(topic: Topic, functionName: string): void {
    const permission = new CfnPermission(this, 'Permission', {
      ...{ action: 'lambda:InvokeFunction', principal: 'sns.amazonaws.com' },
      ...{ functionName, sourceArn: topic.topicArn },
    });
    permission.cfnOptions.condition = isThisAccount(Stack.of(this), ARN.exec(functionName)?.[2] ?? '');
  }
}

function isThisAccount(stack: Stack, account: string): CfnCondition {
  const id = `IsAccount${account}`;
  const known = stack.node.tryFindChild(id) as CfnCondition | undefined;
  return known ?? new CfnCondition(stack, id, { expression: Fn.conditionEquals(Aws.ACCOUNT_ID, account) });
}
