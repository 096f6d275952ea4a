import { CfnResource, TagManager, Tags } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { anApp, aStack, resourcesOf } from './a-stack.ts';

const EVERYTHING = {
  alertEmails: 'a@example.com',
  slackWorkspaceId: 'T0123ABCD',
  slackChannelId: 'C0123ABCD',
  alertSubscribers: 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/alerts',
  producerAccounts: '210987654321',
  accessLog: true,
  dataRemoval: 'delete',
  deleteDataOf: 'runledger-prod',
};

test('every role has the permissions boundary of the account, those of the CDK too', () => {
  const boundary = { '@aws-cdk/core:permissionsBoundary': { name: 'team-boundary' } };
  const roles = Object.entries(resourcesOf(aStack({ ...EVERYTHING, ...boundary }).template, 'AWS::IAM::Role'));
  expect(roles.length).toBeGreaterThan(20);
  for (const [id, { Properties }] of roles) {
    expect({ id, boundary: JSON.stringify(Properties.PermissionsBoundary) }).toEqual({
      id,
      boundary: expect.stringContaining(':policy/team-boundary'),
    });
  }
});

test('no user is made, whom the boundary would be for as well', () => {
  aStack(EVERYTHING).template.resourceCountIs('AWS::IAM::User', 0);
});

test('every resource that takes tags has those of the stack', () => {
  const app = anApp(EVERYTHING);
  // What `cdk deploy --tags team=data` has CloudFormation do.
  Tags.of(app).add('team', 'data');
  const { stack, template } = aStack(EVERYTHING, app);
  const resources = stack.node.findAll().filter((each) => each instanceof CfnResource);
  const taking = resources.filter((each) => TagManager.isTaggable(each) || TagManager.isTaggableV2(each));
  const { Resources } = template.toJSON();
  const tagged = taking.map((each) => stack.getLogicalId(each)).filter((id) => hasTag(Resources[id].Properties));
  expect(tagged).toHaveLength(taking.length);
  expect(new Set(taking.map(({ cfnResourceType }) => cfnResourceType))).toEqual(
    new Set([
      'AWS::Athena::WorkGroup',
      'AWS::Chatbot::SlackChannelConfiguration',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::DynamoDB::Table',
      'AWS::Events::EventBus',
      'AWS::Events::Rule',
      'AWS::IAM::Role',
      'AWS::KMS::Key',
      'AWS::KinesisFirehose::DeliveryStream',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::SNS::Topic',
      'AWS::SQS::Queue',
      'AWS::Scheduler::ScheduleGroup',
    ]),
  );
});

const hasTag = (properties: { readonly Tags?: unknown }): boolean =>
  JSON.stringify(properties.Tags ?? {}).includes('"team"') && JSON.stringify(properties.Tags).includes('"data"');
