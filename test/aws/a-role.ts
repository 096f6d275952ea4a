import { randomUUID } from 'node:crypto';
import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';

/** The ARN of a new role, which these services may take and which allows nothing. */
export async function aRole(config: CloudFormationClientConfig, ...services: readonly string[]): Promise<string> {
  const client = new CloudFormationClient(config);
  const StackName = `role-${randomUUID()}`;
  const AssumeRolePolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: services }, Action: 'sts:AssumeRole' }],
  };
  const template = {
    Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } } },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  };
  await client.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_IAM'] }),
  );
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60 }, { StackName });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  return Stacks[0]?.Outputs?.[0]?.OutputValue ?? '';
}
