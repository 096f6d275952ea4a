import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';

export interface Subscription {
  /** `email`, `https`, `sqs`, `lambda`, … */
  readonly protocol: string;
  /** An address, a URL or an ARN, as the protocol wants it. */
  readonly endpoint: string;
  /** SNS sends nothing to a subscriber that has not confirmed. */
  readonly confirmed: boolean;
}

/** All subscriptions of a topic, given by its ARN. Throws what SNS answers when it is missing or may not be read. */
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
