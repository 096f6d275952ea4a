import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { aStack, type Resource, resourcesOf } from './a-stack.ts';

const { template } = aStack({ slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD' });

interface Trust {
  readonly Effect: string;
  readonly Principal?: { readonly Service?: string } | string;
  readonly Condition?: object;
}

/** Every statement that trusts a service of AWS, by the resource that has it. */
const trusts = [
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::S3::BucketPolicy',
]
  .flatMap((type) => Object.entries(resourcesOf(template, type)))
  .flatMap(([id, resource]) =>
    statementsOf(resource).flatMap((statement) => {
      const { Effect, Principal, Condition } = statement;
      const service = typeof Principal === 'object' ? Principal.Service : undefined;
      return Effect === 'Allow' && service !== undefined ? [{ id, service, condition: JSON.stringify(Condition) }] : [];
    }),
  );

/** Nobody can make these act for another account: what they are given they take from their own account only. */
const OWN_ACCOUNT_ONLY = {
  'lambda.amazonaws.com': 'Lambda takes only a role of the account of the function',
  'chatbot.amazonaws.com': 'the role of the Slack channel has no permissions',
};

const ofThisAccount = /"(aws:SourceAccount|sts:ExternalId)":\{"Ref":"AWS::AccountId"\}/;
const ofOneResource = /"aws:SourceArn":\{"Fn::GetAtt":\["\w+","Arn"\]\}/;

test.each(trusts.filter(({ service }) => !(service in OWN_ACCOUNT_ONLY)))(
  '$id trusts $service for this account alone',
  ({ condition }) => {
    expect(ofThisAccount.test(condition) || ofOneResource.test(condition), condition).toBe(true);
  },
);

test('every service that is trusted is looked at', () => {
  expect([...new Set(trusts.map(({ service }) => service))].sort()).toEqual([
    'chatbot.amazonaws.com',
    'cloudwatch.amazonaws.com',
    'events.amazonaws.com',
    'firehose.amazonaws.com',
    'lambda.amazonaws.com',
    's3.amazonaws.com',
    'scheduler.amazonaws.com',
  ]);
});

test('the role of the Slack channel has no permissions', () => {
  const [role] = trusts.filter(({ service }) => service === 'chatbot.amazonaws.com');
  const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy'));
  expect(role?.id).toMatch(/^AlertingSlack/);
  expect(policies.filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role?.id ?? ''))).toEqual([]);
});

test('a bucket of the same name in another account cannot fill the queue: the name says nothing of the account', () => {
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Deny',
          Principal: { Service: 's3.amazonaws.com' },
          Condition: { StringNotEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    },
  });
});

test('S3 and EventBridge call functions for one bucket or rule of this account', () => {
  const permissions = Object.values(resourcesOf(template, 'AWS::Lambda::Permission'));
  expect(permissions.length).toBeGreaterThan(0);
  for (const { Properties } of permissions) {
    expect(Properties.SourceArn).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Arn'] });
    if (Properties.Principal === 's3.amazonaws.com')
      expect(Properties.SourceAccount).toEqual({ Ref: 'AWS::AccountId' });
  }
});

function statementsOf({ Properties }: Resource): readonly Trust[] {
  const document = Properties.AssumeRolePolicyDocument ?? Properties.KeyPolicy ?? Properties.PolicyDocument;
  return (document as { readonly Statement: readonly Trust[] }).Statement;
}
