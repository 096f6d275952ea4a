import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { RESTART_TARGETS } from '../../lib/restart-targets.ts';
import { anApp, aStack } from './a-stack.ts';

const everything = {
  restartTargets: RESTART_TARGETS.ends[1],
  alertEmails: 'a@example.com',
  slackWorkspaceId: 'T0123ABCD',
  slackChannelId: 'C0123ABCD',
  lakeFormation: true,
  lakeFormationReaders: 'arn:aws:iam::123456789012:role/analyst',
  lakeFormationOperators: 'arn:aws:iam::123456789012:role/operator',
  alertSubscribers: [
    'arn:aws:sqs:eu-west-1:123456789012:alerts',
    'arn:aws:lambda:eu-west-1:123456789012:function:alerts',
    'arn:aws:firehose:eu-west-1:123456789012:deliverystream/alerts',
    'https://events.example.com/enqueue',
  ],
  kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/2c9e3f5a-7d30-4c1e-9b0a-5d6f7a8b9c0d',
  subnetIds: ['subnet-0a1b2c3d'],
  securityGroupIds: ['sg-0a1b2c3d'],
  producerAccounts: ['210987654321'],
  accessLog: true,
  bucketEvents: true,
  httpApi: true,
  dashboardPipelines: 'orders',
  reports: [{ period: 'week', owner: 'crm', emails: ['a@example.com'] }],
  page: { issuer: 'https://login.example.com/', audience: ['runledger'], operators: 'data-platform' },
  protect: true,
};
const adopting = { adopt: { bucket: 'kept-bucket', database: 'kept', table: 'kept-table' } };

test.each([
  ['with every option', everything],
  ['that goes on with what was kept', adopting],
])('cdk-nag finds nothing in a stack %s that is not acknowledged with a reason', (_, context) => {
  const app = anApp(context);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  expect(() => aStack(context, app)).not.toThrow();
});
