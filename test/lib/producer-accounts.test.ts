import { expect, test } from 'vitest';
import { aStack, resourcesOf, type SynthesizedStack } from './a-stack.ts';

const roleIn = ({ template }: SynthesizedStack) =>
  Object.entries(resourcesOf(template, 'AWS::IAM::Role')).find(([id]) => id.startsWith('IngestProducerRole'));

test('pipelines of other accounts take a role that puts records, and does nothing else', () => {
  const stack = aStack({ producerAccounts: '210987654321,310987654321', producerExternalId: 'runledger-7f3a' });
  const [id, role] = roleIn(stack) ?? ['none'];
  expect(role?.Properties.AssumeRolePolicyDocument).toEqual({
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: {
          AWS: ['210987654321', '310987654321'].map((account) => ({
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]],
          })),
        },
        Condition: { StringEquals: { 'sts:ExternalId': 'runledger-7f3a' } },
      },
    ],
    Version: '2012-10-17',
  });
  expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
  const policies = Object.values(resourcesOf(stack.template, 'AWS::IAM::Policy')).filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes(`"${id}"`),
  );
  expect(policies.map(({ Properties }) => Properties.PolicyDocument)).toEqual([
    {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^IngestStream/), 'Arn'] },
        },
      ],
      Version: '2012-10-17',
    },
  ]);
  stack.template.hasOutput('ProducerRoleArn', { Value: { 'Fn::GetAtt': [id, 'Arn'] } });
});

test('nobody of another account is let in otherwise', () => {
  const stack = aStack();
  expect(roleIn(stack)).toBeUndefined();
  expect(stack.template.findOutputs('ProducerRoleArn')).toEqual({});
  expect(JSON.stringify(stack.template.toJSON())).not.toMatch(/:iam::\d{12}:/);
});
