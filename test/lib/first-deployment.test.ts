import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { aStack, type Resource, resourcesOf, type SynthesizedStack } from './a-stack.ts';

const SLACK = { slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD', alertEmails: 'a@example.com' };

describe('a first deployment that fails', () => {
  test('keeps the bucket, which S3 would not delete with the files of a migration in it', () => {
    expect(keptOf(aStack())).toEqual(['AWS::S3::Bucket']);
  });

  test('keeps nothing when the data may be deleted: the bucket is emptied first', () => {
    const stack = aStack({ dataRemoval: 'delete', deleteDataOf: 'runledger-prod' });
    expect(keptOf(stack)).toEqual([]);
    stack.template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  });

  test('leaves what docs/operations.md lists, and no other function without a log group of the stack', () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    const { template } = aStack();
    const ownLogs = Object.entries(resourcesOf(template, 'AWS::Lambda::Function'))
      .filter(([, { Properties }]) => Properties.LoggingConfig === undefined)
      .map(([id]) => id.replace(/[0-9a-f]{30,}\w*$/, ''));
    expect(ownLogs).toEqual(['BucketNotificationsHandler']);
    expect(page).toContain('`/aws/lambda/STACK-BucketNotificationsHandler…`');
    expect(Object.keys(resourcesOf(template, 'AWS::S3::Bucket'))).toEqual([expect.stringMatching(/^LakeBucket/)]);
    expect(page).toContain('`STACK-lakebucket…`');
    template.resourceCountIs('AWS::KMS::Key', 1);
  });

  test('fails before there are tables where its options are likeliest to be wrong', () => {
    const { template } = aStack(SLACK);
    for (const type of [
      'AWS::Chatbot::SlackChannelConfiguration',
      'AWS::SNS::Subscription',
      'AWS::Athena::WorkGroup',
    ]) {
      const [id = 'none'] = Object.keys(resourcesOf(template, type));
      expect({ type, first: migrationOf(aStack(SLACK)).DependsOn?.includes(id) }).toEqual({ type, first: true });
    }
  });
});

const migrationOf = ({ template }: SynthesizedStack): Partial<Resource> =>
  Object.values(resourcesOf(template, 'Custom::LedgerTables'))[0] ?? {};

/** Types that CloudFormation keeps even of a stack that it rolls back whole; a stream goes with its log group. */
function keptOf({ template }: SynthesizedStack): readonly string[] {
  const { Resources } = template.toJSON() as { readonly Resources: Readonly<Record<string, Resource>> };
  return Object.values(Resources)
    .filter(({ Type, DeletionPolicy }) => DeletionPolicy === 'Retain' && Type !== 'AWS::Logs::LogStream')
    .map(({ Type }) => Type);
}
