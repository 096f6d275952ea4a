import { Annotations, Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Options } from './options.ts';
import { serviceOfThisAccount } from './trust.ts';

/** The options of a ledger, and what else all of its constructs build on. */
export interface Deployment extends Options {
  /** The key of the account under which everything lies. Undefined: keys of AWS. */
  readonly encryptionKey: IKey | undefined;
}

/**
 * A key by its ARN, of the same app too: the CDK would write into its policy which bucket and which rule may use it, and
 * they need the key before they are made.
 */
export function keyOf(scope: Construct, kmsKeyArn: string | undefined): IKey | undefined {
  if (kmsKeyArn === undefined) return undefined;
  const key = Key.fromKeyArn(scope, 'Key', kmsKeyArn);
  Annotations.of(key).acknowledgeWarning(
    '@aws-cdk/aws-s3-notifications:sqsKMSPermissionsNotAdded',
    'docs/operations.md lists what the owner of the key adds to its policy',
  );
  return key;
}

/**
 * What the policy of the key must allow besides the account's own principals: these services use it by themselves. A key of
 * the same app is told so here; the owner of another one adds it (docs/operations.md).
 */
export const servicesUse = (): readonly PolicyStatement[] => {
  const allow = (sid: string, principal: ServicePrincipal, actions: string[], conditions?: object) =>
    new PolicyStatement({ sid, principals: [principal], actions, resources: ['*'], ...(conditions && { conditions }) });
  const [use, logs] = [['kms:Decrypt', 'kms:GenerateDataKey*'], `logs.${Aws.REGION}.amazonaws.com`];
  return [
    allow('AlarmsPublish', serviceOfThisAccount('cloudwatch.amazonaws.com'), use),
    allow('RulesKeepWhatFailed', serviceOfThisAccount('events.amazonaws.com'), use),
    allow('TheBucketNotifies', serviceOfThisAccount('s3.amazonaws.com'), use),
    allow(
      'LogGroupsOfThisAccount',
      new ServicePrincipal(logs),
      ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`,
        },
      },
    ),
  ];
};
