import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';

export interface Subscription {
  /** email, https, sqs, lambda, … */
  readonly protocol: string;
  readonly endpoint: string;
  /** Somebody who has not confirmed hears nothing. */
  readonly confirmed: boolean;
}

export async function subscriptionsOf(client: SNSClient, topic: string): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  let from: string | undefined;
  do {
    const { Subscriptions, NextToken } = await client.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topic, NextToken: from }),
    );
    for (const { Protocol, Endpoint, SubscriptionArn } of Subscriptions ?? []) {
      found.push({
        protocol: Protocol ?? '',
        endpoint: Endpoint ?? '',
        // SNS writes `PendingConfirmation` where the name of the subscription will stand.
        confirmed: SubscriptionArn?.startsWith('arn:') === true,
      });
    }
    from = NextToken;
  } while (from !== undefined);
  return found;
}
