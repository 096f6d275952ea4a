import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { expect, test } from 'vitest';
import { Ledger } from '../../lib/ledger.ts';
import { aStack, ledgerFunctions, resourcesOf } from './a-stack.ts';

const subnetIds = ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'];
const { template } = aStack({ subnetIds: subnetIds.join(','), securityGroupIds: 'sg-0a1b2c3d', accessLog: true });

test.each(Object.entries(ledgerFunctions(template)))('%s runs in the subnets, and may', (name, { Properties }) => {
  expect(Properties.VpcConfig).toEqual({ SubnetIds: subnetIds, SecurityGroupIds: ['sg-0a1b2c3d'] });
  const [role] = (Properties.Role as { 'Fn::GetAtt': readonly [string, string] })['Fn::GetAtt'];
  const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy')).filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes(`"${role}"`),
  );
  expect(JSON.stringify(policies), name).toContain('ec2:CreateNetworkInterface');
});

test('the code of a function may not touch the interfaces, which are for Lambda itself', () => {
  const statements = Object.values(resourcesOf(template, 'AWS::IAM::Policy')).flatMap(
    ({ Properties }) => (Properties.PolicyDocument as { Statement: readonly Record<string, unknown>[] }).Statement,
  );
  const onInterfaces = statements.filter(({ Action }) => JSON.stringify(Action).includes('ec2:'));
  const denied = onInterfaces.filter(({ Effect }) => Effect === 'Deny');
  expect(denied).toHaveLength(Object.keys(ledgerFunctions(template)).length);
  expect(onInterfaces).toHaveLength(2 * denied.length);
  for (const each of denied) expect(each.Condition).toEqual({ Null: { 'lambda:SourceFunctionArn': 'false' } });
});

test('the functions of the CDK, which run during a deployment only, stay outside', () => {
  const inside = Object.values(resourcesOf(template, 'AWS::Lambda::Function')).filter(
    ({ Properties }) => Properties.VpcConfig !== undefined,
  );
  expect(inside).toHaveLength(Object.keys(ledgerFunctions(template)).length);
});

test('a function waits for what it may before it is made: Lambda asks then', () => {
  for (const { DependsOn, Properties } of Object.values(ledgerFunctions(template))) {
    const [role] = (Properties.Role as { 'Fn::GetAtt': readonly [string, string] })['Fn::GetAtt'];
    expect(DependsOn?.some((id) => id.startsWith(role.slice(0, -8)))).toBe(true);
  }
});

test('elsewhere no function is in a VPC, nor may be', () => {
  expect(JSON.stringify(aStack().template.toJSON())).not.toMatch(/VpcConfig|ec2:/);
});

test('in an app of its own, a ledger runs in the VPC that the app makes', () => {
  const stack = new Stack(new App(), 'data-platform');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const group = new SecurityGroup(stack, 'Group', { vpc });
  const { subnetIds } = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
  new Ledger(stack, 'Ledger', { subnetIds, securityGroupIds: [group.securityGroupId] });
  const functions = Object.values(ledgerFunctions(Template.fromStack(stack)));
  expect(functions.length).toBeGreaterThan(0);
  for (const { Properties } of functions)
    expect((Properties.VpcConfig as { SubnetIds: unknown[] }).SubnetIds).toHaveLength(2);
});

test('docs/operations.md names an endpoint for each service that functions call', () => {
  const ENDPOINTS: Readonly<Record<string, string>> = {
    'client-athena': 'athena',
    'client-eventbridge': 'events',
    'client-firehose': 'kinesis-firehose',
    'client-s3': 's3',
    'client-scheduler': 'scheduler',
    'client-sns': 'sns',
    'client-sqs': 'sqs',
    'client-cloudformation': 'cloudformation',
    'client-ssm': 'ssm',
    'client-secrets-manager': 'secretsmanager',
    // Opened by the adapter of the table.
    'documentClient()': 'dynamodb',
    // What Powertools sends.
    traced: 'xray',
  };
  const source = readFileSync('aws/function-ports.ts', 'utf8');
  const clients = [...source.matchAll(/@aws-sdk\/(client-[a-z0-9-]+)'/g)].map(([, client = '']) => client);
  expect(Object.keys(ENDPOINTS)).toEqual(expect.arrayContaining(clients));
  const page = readFileSync('docs/operations.md', 'utf8');
  for (const [called, endpoint] of Object.entries(ENDPOINTS)) {
    expect(source).toContain(called);
    expect(page).toMatch(new RegExp(`^\\| \`${endpoint}\` \\| (gateway|interface) \\|`, 'm'));
  }
});
