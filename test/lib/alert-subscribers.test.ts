import { expect, test } from 'vitest';
import { aStack, resourcesOf } from './a-stack.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:alerts';
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:alerts';
const STREAM = 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/alerts';
const PAGE = 'https://events.example.com/integration/7/enqueue';
const { template } = aStack({ alertSubscribers: [QUEUE, FUNCTION, STREAM, PAGE].join(',') });
const [mail = 'none'] = Object.keys(resourcesOf(template, 'AWS::SNS::Topic')).filter((id) => id.includes('Mail'));

test('queues, functions, streams and addresses get what the mails say', () => {
  const subscriptions = Object.values(resourcesOf(template, 'AWS::SNS::Subscription'));
  expect(
    subscriptions.map(({ Properties }) => [Properties.Protocol, Properties.Endpoint, Properties.TopicArn]),
  ).toEqual(
    [
      ['sqs', QUEUE],
      ['lambda', FUNCTION],
      ['firehose', STREAM],
      ['https', PAGE],
    ].map((each) => [...each, { Ref: mail }]),
  );
});

test('SNS may call a function of this account, and for one of another nothing is tried that would fail', () => {
  const [permission] = Object.values(resourcesOf(template, 'AWS::Lambda::Permission')).filter(
    ({ Properties }) => Properties.Principal === 'sns.amazonaws.com',
  );
  expect(permission?.Properties).toMatchObject({ FunctionName: FUNCTION, SourceArn: { Ref: mail } });
  const { Condition } = permission as unknown as { readonly Condition: string };
  expect(template.toJSON().Conditions[Condition]).toEqual({
    'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '123456789012'],
  });
});

test('SNS takes a role that writes into the one stream', () => {
  const roles = Object.values(resourcesOf(template, 'AWS::SNS::Subscription')).flatMap(
    ({ Properties }) => (Properties.SubscriptionRoleArn as { 'Fn::GetAtt'?: readonly string[] })?.['Fn::GetAtt'] ?? [],
  );
  const [role] = roles;
  expect(roles).toHaveLength(2);
  const [policy] = Object.values(resourcesOf(template, 'AWS::IAM::Policy')).filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes(`"${role}"`),
  );
  expect(policy?.Properties.PolicyDocument).toMatchObject({ Statement: [{ Effect: 'Allow', Resource: STREAM }] });
});

test.each([
  'arn:aws:sqs:eu-west-1:123456789012:alerts.fifo',
  'arn:aws:sns:eu-west-1:123456789012:alerts',
  'http://events.example.com/',
  'alerts@example.com',
])('%s is refused', (subscriber) => {
  expect(() => aStack({ alertSubscribers: subscriber })).toThrow('alertSubscribers: expected at most 20 ARNs');
});
