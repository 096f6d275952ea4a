import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { servicesUse } from '../../lib/deployment.ts';
import { Ledger } from '../../lib/ledger.ts';
import { aStack, type Resource, resourcesOf } from './a-stack.ts';

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/2c9e3f5a-7d30-4c1e-9b0a-5d6f7a8b9c0d';
const { template } = aStack({ kmsKeyArn: KEY, accessLog: true });

const of = (type: string): readonly Resource[] => Object.values(resourcesOf(template, type));

describe('under a key of the account', () => {
  test('lies everything that keeps something', () => {
    const [bucket] = of('AWS::S3::Bucket');
    expect(bucket?.Properties.BucketEncryption).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          // A key of the bucket stands between: without it S3 would call KMS for each object.
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { KMSMasterKeyID: KEY, SSEAlgorithm: 'aws:kms' },
        },
      ],
    });
    expect(of('AWS::DynamoDB::Table')[0]?.Properties.SSESpecification).toEqual({
      KMSMasterKeyId: KEY,
      SSEEnabled: true,
      SSEType: 'KMS',
    });
    expect(of('AWS::KinesisFirehose::DeliveryStream')[0]?.Properties).toMatchObject({
      DeliveryStreamEncryptionConfigurationInput: { KeyARN: KEY, KeyType: 'CUSTOMER_MANAGED_CMK' },
    });
    expect(of('AWS::Athena::WorkGroup')[0]?.Properties).toMatchObject({
      WorkGroupConfiguration: {
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: KEY } },
      },
    });
  });

  test.each([
    ['AWS::SQS::Queue', 'KmsMasterKeyId', 3],
    ['AWS::SNS::Topic', 'KmsMasterKeyId', 2],
    ['AWS::Logs::LogGroup', 'KmsKeyId', 15],
  ])('lies every %s', (type, property, count) => {
    expect(of(type).map(({ Properties }) => Properties[property])).toEqual(Array(count).fill(KEY));
  });

  test('the stack makes no key of its own', () => {
    expect(of('AWS::KMS::Key')).toEqual([]);
  });

  test.each([
    ['AWS::Lambda::Function', /^IngestAcceptEvents/],
    ['AWS::Lambda::Function', /^LiveLaneTrackRuns/],
    ['AWS::Lambda::Function', /^HistoryLane/],
    ['AWS::Lambda::Function', /^AlertingNotify/],
    ['AWS::Lambda::Function', /^AccessLogRecordAccess/],
  ])('a %s like %s may open and close what it reads and writes', (type, name) => {
    const roles = Object.entries(resourcesOf(template, type))
      .filter(([id]) => name.test(id))
      .map(([, { Properties }]) => (Properties.Role as { 'Fn::GetAtt': readonly [string] })['Fn::GetAtt'][0]);
    expect(roles.length).toBeGreaterThan(0);
    for (const role of roles)
      expect(usesOf(role)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*']));
  });

  test('so may the stream, and every schedule, which keeps its failed calls in a queue', () => {
    const roles = Object.keys(resourcesOf(template, 'AWS::IAM::Role'));
    const keeping = roles.filter((id) => /^(IngestStreamRole|SchedulerRole)/.test(id));
    expect(keeping).toHaveLength(7);
    for (const role of keeping) expect(usesOf(role).join(' ')).toMatch(/kms:Decrypt .*kms:GenerateDataKey/);
  });

  test('a reader reads and writes results; a producer needs nothing: Firehose uses the key for it', () => {
    expect(managedUsesOf('ReaderPolicy')).toEqual(['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*']);
    expect(managedUsesOf('AuditorPolicy')).toEqual(['kms:Decrypt']);
    expect(managedUsesOf('ProducerPolicy')).toEqual([]);
  });
});

test('docs/operations.md has the statements that the owner of the key adds, as a key of the same app gets them', () => {
  const stack = new Stack(new App(), 'data-platform');
  const key = new Key(stack, 'Key');
  new Ledger(stack, 'Ledger', { encryptionKey: key });
  const policies = Template.fromStack(stack).findResources('AWS::KMS::Key');
  const [{ Properties } = { Properties: { KeyPolicy: { Statement: [] } } }] = Object.values(policies);
  const written = Properties.KeyPolicy.Statement.map(plain);

  const block = /```json\n(\[[^`]*\])\n```/.exec(readFileSync('docs/operations.md', 'utf8'))?.[1] ?? '[]';
  const documented = JSON.parse(block) as readonly unknown[];
  expect(documented).toHaveLength(servicesUse().length);
  for (const statement of documented) expect(written).toContainEqual(statement);
});

/** With the references as people write them. */
const plain = (statement: unknown): unknown =>
  JSON.parse(
    JSON.stringify(statement)
      .replace(/\{"Ref":"AWS::(?:(AccountId)|Region|Partition)"\}/g, (whole, account) =>
        account ? '"ACCOUNT"' : whole,
      )
      .replace(/\{"Fn::Join":\["",(\[[^\]]*\])\]\}/g, (_, parts: string) =>
        JSON.stringify(
          (JSON.parse(parts) as readonly (string | { Ref: string })[])
            .map((part) => (typeof part === 'string' ? part : (NAMES[part.Ref] ?? '?')))
            .join(''),
        ),
      ),
  );
const NAMES: Readonly<Record<string, string>> = { 'AWS::Region': 'REGION', 'AWS::Partition': 'aws' };

function usesOf(role: string): readonly string[] {
  const policies = of('AWS::IAM::Policy').filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes(`"${role}"`),
  );
  return policies.flatMap(({ Properties }) => keyActionsIn(Properties.PolicyDocument));
}

const managedUsesOf = (name: string): readonly string[] =>
  Object.entries(resourcesOf(template, 'AWS::IAM::ManagedPolicy'))
    .filter(([id]) => id.includes(name))
    .flatMap(([, { Properties }]) => keyActionsIn(Properties.PolicyDocument))
    .sort();

function keyActionsIn(document: unknown): readonly string[] {
  const { Statement } = document as { readonly Statement: readonly { Action: string | string[]; Resource: unknown }[] };
  return Statement.filter(({ Resource }) => Resource === KEY).flatMap(({ Action }) => Action);
}
