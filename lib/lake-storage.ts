import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Database, type IDatabase } from 'aws-cdk-lib/aws-glue';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { lifecycle } from './lifecycle.ts';

/** Everything the ledger keeps: a bucket of its own, or the one that an earlier stack kept, with its settings as they are. */
export function bucketOf(scope: Construct, options: Deployment, removal: RemovalPolicy): IBucket {
  const { adopt, encryptionKey } = options;
  if (adopt !== undefined) {
    const kept = { bucketName: adopt.bucket, ...(encryptionKey && { encryptionKey }) };
    return Bucket.fromBucketAttributes(scope, 'AdoptedBucket', kept);
  }
  const isKept = removal !== RemovalPolicy.DESTROY;
  const bucket = new Bucket(scope, 'Bucket', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    ...(encryptionKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    enforceSSL: true,
    versioned: true,
    lifecycleRules: lifecycle(options),
    // Of a failed first deployment too: by then the migration may have put files into it, and S3 deletes no bucket
    // that holds any, so that CloudFormation's roll-back would fail as well.
    removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    autoDeleteObjects: !isKept,
  });
  // A bucket that is kept goes on to refuse what comes without TLS.
  bucket.policy?.applyRemovalPolicy(removal);
  // The CDK declares the one optional property of the two in two ways, which exact optional types tell apart.
  return bucket as IBucket;
}

/** The database of the tables: the stack's own, or one that an earlier stack kept. */
export function databaseOf(scope: Construct, { adopt }: Deployment, removal: RemovalPolicy): IDatabase {
  if (adopt?.database !== undefined) {
    const arn = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:database/${adopt.database}`;
    return Database.fromDatabaseArn(scope, 'AdoptedDatabase', arn);
  }
  const { stackName } = Stack.of(scope);
  return new Database(scope, 'Database', {
    databaseName: stackName.toLowerCase().replaceAll('-', '_'),
    description: `The run ledger of stack ${stackName}`,
    removalPolicy: removal,
  });
}
