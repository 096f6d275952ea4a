import { Aws } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/**
 * A service of AWS that may act here on behalf of this account only: without the condition another account could make it
 * do so ("confused deputy").
 */
export const serviceOfThisAccount = (
  service: 'cloudwatch.amazonaws.com' | 'events.amazonaws.com' | 's3.amazonaws.com' | 'scheduler.amazonaws.com',
): ServicePrincipal =>
  new ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } });

/** Firehose says for whom it acts by an external id (its developer guide, "Allow Firehose to assume an IAM role"). */
export const firehoseOfThisAccount = (): ServicePrincipal =>
  new ServicePrincipal('firehose.amazonaws.com', {
    conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
  });
