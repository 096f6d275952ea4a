import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * Rights on the objects of one folder. The CDK's own grants are wider: they include older versions, tags, retention and
 * every setting of the bucket.
 */
const on = (grantee: IGrantable, actions: string[], bucket: IBucket, folder: string): Grant =>
  Grant.addToPrincipal({ grantee, actions, resourceArns: [bucket.arnForObjects(`${folder}*`)] });

/** Of a bucket under a key of the account, which has to be used besides. */
const decrypts = (grantee: IGrantable, { encryptionKey }: IBucket): void => {
  encryptionKey?.grant(grantee, 'kms:Decrypt');
};

/** Allows to read the objects of a folder, and to list the bucket: else S3 does not say that an object is missing. */
export function grantRead(grantee: IGrantable, bucket: IBucket, folder: string): void {
  grantReadKnown(grantee, bucket, folder);
  Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
}

/** Allows to read an object of a folder whose key is known. */
export function grantReadKnown(grantee: IGrantable, bucket: IBucket, folder: string): void {
  on(grantee, ['s3:GetObject'], bucket, folder);
  decrypts(grantee, bucket);
}

/** Allows to read these objects, which may be missing. */
export function grantReadObjects(grantee: IGrantable, bucket: IBucket, ...keys: readonly string[]): void {
  const resourceArns = keys.map((key) => bucket.arnForObjects(key));
  Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns });
  Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
  decrypts(grantee, bucket);
}

/** Allows to write these objects. */
export function grantPutObjects(grantee: IGrantable, bucket: IBucket, ...keys: readonly string[]): void {
  const resourceArns = keys.map((key) => bucket.arnForObjects(key));
  Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns });
  bucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey*');
}

/** Allows to write objects into a folder, in parts too. */
export function grantPut(grantee: IGrantable, bucket: IBucket, folder: string): void {
  on(grantee, ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], bucket, folder);
  // An object in parts is read by S3 when it is put together.
  decrypts(grantee, bucket);
  bucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey*');
}

export const grantDelete = (grantee: IGrantable, bucket: IBucket, folder: string): Grant =>
  on(grantee, ['s3:DeleteObject'], bucket, folder);

/** What Athena asks of a bucket besides, where it writes results and tables (its managed policy AmazonAthenaFullAccess). */
export const grantLocate = (grantee: IGrantable, bucket: IBucket): Grant =>
  Grant.addToPrincipal({
    grantee,
    actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
    resourceArns: [bucket.bucketArn],
  });
