import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { aStack, resourcesOf, type SynthesizedStack } from './a-stack.ts';

const STATEFUL = ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Glue::Database'];

const policiesOf = ({ template }: SynthesizedStack) =>
  STATEFUL.flatMap((type) => Object.values(resourcesOf(template, type)).map(({ DeletionPolicy }) => DeletionPolicy));

/** Of the bucket, the table and the database. */
const KEPT = ['Retain', 'RetainExceptOnCreate', 'RetainExceptOnCreate'];

test('a destroyed stack leaves its data', () => {
  const stack = aStack();
  expect(policiesOf(stack)).toEqual(KEPT);
  stack.template.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
});

test.each([
  { dataRemoval: 'delete' },
  { deleteDataOf: 'runledger-prod' },
  { dataRemoval: 'delete', deleteDataOf: 'runledger-test' },
])('one key alone does not delete data, and synthesis says so: %j', (context) => {
  const stack = aStack(context);
  expect(policiesOf(stack)).toEqual(KEPT);
  Annotations.fromStack(stack.stack).hasWarning(
    '/runledger-prod/Default',
    Match.stringLikeRegexp(
      'the data of runledger-prod is kept: .* expected dataRemoval=delete and deleteDataOf=runledger-prod',
    ),
  );
});

test('data goes with the stack when both keys are turned', () => {
  const stack = aStack({ dataRemoval: 'delete', deleteDataOf: 'runledger-prod' });
  expect(policiesOf(stack)).toEqual(['Delete', 'Delete', 'Delete']);
  stack.template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
});

test('what holds data keeps its logical id: another id would be another, empty, resource', () => {
  const { template } = aStack();
  expect(STATEFUL.flatMap((type) => Object.keys(resourcesOf(template, type)))).toMatchInlineSnapshot(`
    [
      "LakeBucketB1D32E10",
      "LiveStoreTable6D4D154C",
      "LakeDatabase6CA13201",
    ]
  `);
});
