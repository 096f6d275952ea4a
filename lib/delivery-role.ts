import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Lake } from './lake.ts';
import { PREFIXES } from './prefixes.ts';
import { firehoseOfThisAccount } from './trust.ts';

export interface DeliveryRoleProps {
  readonly lake: Lake;
  readonly transform: IFunction;
  readonly logs: ILogGroup;
}

/**
 * The role of the stream: the actions that Firehose's developer guide lists for S3, on the two folders it writes. The
 * CDK's own would read, overwrite and delete the whole bucket.
 */
export function deliveryRole(scope: Construct, id: string, { lake, transform, logs }: DeliveryRoleProps): Role {
  const role = new Role(scope, id, { assumedBy: firehoseOfThisAccount() });
  const allow = (actions: string[], ...resources: string[]) =>
    role.addToPolicy(new PolicyStatement({ actions, resources }));
  const { bucketArn } = lake.bucket;
  allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], bucketArn);
  const written = [PREFIXES.raw, PREFIXES.failed].map((prefix) => lake.bucket.arnForObjects(`${prefix}*`));
  allow(['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'], ...written);
  lake.bucket.encryptionKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey*');
  const { functionArn } = transform;
  allow(['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'], functionArn, `${functionArn}:$LATEST`);
  allow(['logs:PutLogEvents'], logs.logGroupArn);
  return role;
}
