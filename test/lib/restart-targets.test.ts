import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { describe, expect, test } from 'vitest';
import { optionsOf } from '../../lib/context.ts';
import { grantRestart, type RestartTarget } from '../../lib/restart-targets.ts';
import type { Statement } from '../../scripts/permissions/roles.ts';
import { evaluate } from '../iam/evaluate.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-north-1:123456789012:${rest}`;

/** The statements of a role to which this was granted, in the account 123456789012. */
function granted(targetsIn: (stack: Stack) => readonly RestartTarget[]): readonly Statement[] {
  const stack = new Stack(new App(), 'app', { env: { account: '123456789012', region: 'eu-north-1' } });
  const role = new Role(stack, 'Recover', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  grantRestart(role, targetsIn(stack));
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policies
    .filter(([id]) => id.startsWith('Recover'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as readonly Statement[]);
}

const ALL = [
  arn('glue', 'job/orders'),
  arn('states', 'stateMachine:orders'),
  arn('emr-serverless', '/applications/00f1'),
  arn('batch', 'job-queue/night'),
  arn('batch', 'job-definition/orders'),
  arn('ecs', 'cluster/night'),
  arn('ecs', 'task-definition/orders'),
  arn('lambda', 'function:orders'),
  arn('events', 'event-bus/orders'),
  arn('secretsmanager', 'secret:databricks-AbCdEf'),
  arn('ssm', 'parameter/databricks'),
  'arn:aws:iam::123456789012:role/orders',
];
const asContext = (given: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, [value]]));
const NIGHT = { 'ecs:cluster': arn('ecs', 'cluster/night') };

describe('by their ARNs', () => {
  const statements = granted(() => ALL);
  const isAllowed = (action: string, resource: string, given: Readonly<Record<string, string>> = {}) =>
    evaluate(statements, { action, resource, context: asContext(given) }) === 'allowed';

  test.each<[string, string, Record<string, string>?]>([
    ...['StartJobRun', 'GetJobRun', 'BatchStopJobRun'].map((each): [string, string] => [
      `glue:${each}`,
      ALL[0] as string,
    ]),
    ['states:StartExecution', arn('states', 'stateMachine:orders')],
    ['states:DescribeExecution', arn('states', 'execution:orders:a')],
    ['states:StopExecution', arn('states', 'execution:orders:a')],
    ['emr-serverless:StartJobRun', arn('emr-serverless', '/applications/00f1')],
    ['emr-serverless:CancelJobRun', arn('emr-serverless', '/applications/00f1/jobruns/1')],
    ['batch:SubmitJob', arn('batch', 'job-queue/night')],
    ['batch:SubmitJob', arn('batch', 'job-definition/orders:7')],
    ['batch:TerminateJob', arn('batch', 'job/1')],
    ['batch:DescribeJobs', '*'],
    ['ecs:RunTask', arn('ecs', 'task-definition/orders:7'), NIGHT],
    ['ecs:StopTask', arn('ecs', 'task/night/1'), NIGHT],
    ['lambda:InvokeFunction', arn('lambda', 'function:orders')],
    ['lambda:InvokeFunction', arn('lambda', 'function:orders:live')],
    ['events:PutEvents', arn('events', 'event-bus/orders'), { 'events:source': 'runledger' }],
    ['iam:PassRole', 'arn:aws:iam::123456789012:role/orders', { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:databricks-AbCdEf')],
    ['ssm:GetParameter', arn('ssm', 'parameter/databricks')],
  ])('allows %s on %s', (action, resource, context) => {
    expect(isAllowed(action, resource, context)).toBe(true);
  });

  test.each<[string, string, Record<string, string>?]>([
    ['glue:StartJobRun', arn('glue', 'job/orders-2')],
    ['glue:UpdateJob', arn('glue', 'job/orders')],
    ['states:StopExecution', arn('states', 'execution:orders-2:a')],
    ['emr-serverless:CancelJobRun', arn('emr-serverless', '/applications/00f2/jobruns/1')],
    ['batch:SubmitJob', arn('batch', 'job-queue/day')],
    ['batch:RegisterJobDefinition', arn('batch', 'job-definition/orders')],
    ['ecs:RunTask', arn('ecs', 'task-definition/orders:7'), { 'ecs:cluster': arn('ecs', 'cluster/day') }],
    ['ecs:StopTask', arn('ecs', 'task/day/1'), { 'ecs:cluster': arn('ecs', 'cluster/day') }],
    ['lambda:UpdateFunctionCode', arn('lambda', 'function:orders')],
    ['events:PutEvents', arn('events', 'event-bus/orders'), { 'events:source': 'orders' }],
    ['iam:PassRole', 'arn:aws:iam::123456789012:role/orders', { 'iam:PassedToService': 'lambda.amazonaws.com' }],
    ['iam:PassRole', 'arn:aws:iam::123456789012:role/admin', { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:other-AbCdEf')],
  ])('refuses %s on %s', (action, resource, context) => {
    expect(isAllowed(action, resource, context)).toBe(false);
  });
});

test('nothing is allowed of itself', () => {
  expect(granted(() => [])).toEqual([]);
});

test('a revision that is named is the only one that may be started', () => {
  const statements = granted(() => [arn('ecs', 'cluster/night'), arn('ecs', 'task-definition/orders:7')]);
  const runs = (revision: number) =>
    evaluate(statements, {
      action: 'ecs:RunTask',
      resource: arn('ecs', `task-definition/orders:${revision}`),
      context: asContext(NIGHT),
    });
  expect(runs(7)).toBe('allowed');
  expect(runs(8)).not.toBe('allowed');
});

test('things of the same app are targets too, a task definition with the roles that it takes', () => {
  const statements = granted((stack) => {
    const task = new FargateTaskDefinition(stack, 'Task');
    task.addContainer('job', { image: ContainerImage.fromRegistry('job') });
    task.obtainExecutionRole();
    const machine = new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')),
    });
    const cluster = new Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc') });
    return [task, machine, cluster, LambdaFunction.fromFunctionName(stack, 'Orders', 'orders')];
  });
  const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
  const on = (action: string) => JSON.stringify(of(action)[0]?.Resource);
  expect(on('lambda:InvokeFunction')).toContain(':lambda:eu-north-1:123456789012:function:orders');
  expect(on('states:StopExecution')).toMatch(/:execution:.*Machine.*:\*"/);
  expect(on('ecs:StopTask')).toMatch(/:task\/.*Cluster.*\/\*"/);
  expect([of('iam:PassRole')[0]?.Resource].flat()).toHaveLength(2);
});

test.each([
  ['orders', 'a name'],
  [arn('glue', 'job/*'), 'a wildcard'],
  [arn('s3', 'orders'), 'what cannot be started'],
  [arn('ecs', 'task-definition/orders'), 'a task definition without a cluster'],
  [arn('batch', 'job-queue/night'), 'a job queue without a job definition'],
])('%s is refused: %s', (restartTargets) => {
  expect(() => optionsOf({ restartTargets }, '')).toThrow(
    'restartTargets: expected at most 50 ARNs, without wildcards',
  );
});
