import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { anApp, aStack } from './a-stack.ts';

const everything = {
  alertEmails: 'a@example.com',
  slackWorkspaceId: 'T0123ABCD',
  slackChannelId: 'C0123ABCD',
  lakeFormation: true,
  lakeFormationReaders: 'arn:aws:iam::123456789012:role/analyst',
  lakeFormationOperators: 'arn:aws:iam::123456789012:role/operator',
};

test('cdk-nag finds nothing that is not acknowledged with a reason', () => {
  const app = anApp(everything);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  expect(() => aStack(everything, app)).not.toThrow();
});
