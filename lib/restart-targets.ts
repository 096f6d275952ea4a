import { Arn, ArnFormat } from 'aws-cdk-lib';
import type { IJobDefinition, IJobQueue } from 'aws-cdk-lib/aws-batch';
import type { ICluster, ITaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import * as z from 'zod';
import type { Option } from './option-kinds.ts';

/** What the ledger may start, or needs to start it: an ARN, or a thing of the same app. */
export type RestartTarget =
  | string
  | IStateMachine
  | IFunction
  | IJobQueue
  | IJobDefinition
  | ICluster
  | ITaskDefinition
  | IEventBus
  | IRole
  | ISecret
  | IParameter;

type Kind =
  | 'glue'
  | 'state_machine'
  | 'emr_serverless'
  | 'job_queue'
  | 'job_definition'
  | 'cluster'
  | 'task_definition'
  | 'function'
  | 'bus'
  | 'role'
  | 'secret'
  | 'parameter';

const ARNS: Readonly<Record<Kind, RegExp>> = {
  glue: /:glue:[\w-]+:\d{12}:job\/[^*?]+$/,
  state_machine: /:states:[\w-]+:\d{12}:stateMachine:[^:*?]+$/,
  emr_serverless: /:emr-serverless:[\w-]+:\d{12}:\/applications\/\w+$/,
  job_queue: /:batch:[\w-]+:\d{12}:job-queue\/[\w-]+$/,
  job_definition: /:batch:[\w-]+:\d{12}:job-definition\/[\w-]+(:\d+)?$/,
  cluster: /:ecs:[\w-]+:\d{12}:cluster\/[\w-]+$/,
  task_definition: /:ecs:[\w-]+:\d{12}:task-definition\/[\w-]+(:\d+)?$/,
  function: /:lambda:[\w-]+:\d{12}:function:[\w-]+$/,
  bus: /:events:[\w-]+:\d{12}:event-bus\/[\w./-]+$/,
  role: /:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  secret: /:secretsmanager:[\w-]+:\d{12}:secret:[^*?]+$/,
  parameter: /:ssm:[\w-]+:\d{12}:parameter\/[\w./-]+$/,
};

/** By which attribute a thing of the app is known, the most telling first: many have a role besides. */
const ATTRIBUTES = {
  stateMachineArn: 'state_machine',
  functionArn: 'function',
  jobQueueArn: 'job_queue',
  jobDefinitionArn: 'job_definition',
  taskDefinitionArn: 'task_definition',
  clusterArn: 'cluster',
  eventBusArn: 'bus',
  secretArn: 'secret',
  parameterArn: 'parameter',
  roleArn: 'role',
} as const satisfies Readonly<Record<string, Kind>>;

interface Known {
  readonly kind: Kind;
  readonly arn: string;
}

/** Undefined: nothing that the ledger could start. */
function known(target: unknown): Known | undefined {
  if (typeof target === 'string') {
    const found = Object.entries(ARNS).find(([, pattern]) => /^arn:aws[a-z-]*:/.test(target) && pattern.test(target));
    return found && { kind: found[0] as Kind, arn: target };
  }
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [attribute, kind] of Object.entries(ATTRIBUTES)) {
    const arn = (target as Readonly<Record<string, unknown>>)[attribute];
    if (typeof arn === 'string') return { kind, arn };
  }
  return undefined;
}

const MAX_TARGETS = 50;
const inAccount = (service: string, rest: string) => `arn:aws-us-gov:${service}:us-gov-west-1:123456789012:${rest}`;
const ENDS = [
  inAccount('glue', 'job/orders'),
  inAccount('states', 'stateMachine:orders'),
  inAccount('emr-serverless', '/applications/00f1'),
  'arn:aws-us-gov:iam::123456789012:role/data/orders',
  inAccount('batch', 'job-queue/night'),
  inAccount('batch', 'job-definition/orders'),
  inAccount('ecs', 'cluster/night'),
  inAccount('ecs', 'task-definition/orders'),
  inAccount('lambda', 'function:orders'),
  inAccount('events', 'event-bus/orders'),
  inAccount('secretsmanager', 'secret:databricks-AbCdEf'),
  inAccount('ssm', 'parameter/databricks'),
  ...Array.from({ length: MAX_TARGETS - 12 }, (_, at) => inAccount('glue', `job/orders-${at}`)),
];

/** The option `restartTargets`. */
export const RESTART_TARGETS = {
  about:
    'ARNs, separated by commas, of what the ledger may start and stop for pipelines that allow it: Glue jobs, state machines, EMR Serverless applications, job queues and job definitions of Batch, clusters and task definitions of ECS, functions, event buses; of the roles that their runs take; of secrets and parameters beside those under runledger/',
  expected: `at most ${MAX_TARGETS} ARNs, without wildcards, separated by commas; a task definition with the cluster in which it runs, a job definition with its queue`,
  ends: [[], ENDS],
  schema: z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').flatMap((each) => each.trim() || []) : value),
    z
      .array(z.custom<RestartTarget>((target) => known(target) !== undefined))
      .max(MAX_TARGETS)
      .transform((targets) => [...new Set(targets)])
      .refine((targets) => isWhole(targets))
      .default([]),
  ),
} as const satisfies Option;

/** ECS and Batch need two things each to start one. */
function isWhole(targets: readonly RestartTarget[]): boolean {
  const kinds = new Set(targets.map((target) => known(target)?.kind));
  return (
    (!kinds.has('task_definition') || kinds.has('cluster')) && kinds.has('job_definition') === kinds.has('job_queue')
  );
}

/**
 * Allows to start runs of these targets, to look at them and to stop them, and nothing else. Secrets under `runledger/` are
 * not among it: `grantSecrets` allows those. Returns the resources with a wildcard that it had to allow: runs have ids of
 * their platform.
 */
export function grantRestart(grantee: IGrantable, targets: readonly RestartTarget[]): readonly string[] {
  const wildcards = new Set<string>();
  const all = targets.flatMap((target) => known(target) ?? []);
  const arnsOf = (kind: Kind): readonly string[] => all.filter((each) => each.kind === kind).map(({ arn }) => arn);
  const allow = (actions: readonly string[], resourceArns: readonly string[], conditions?: Conditions) => {
    if (resourceArns.length === 0) return;
    for (const each of resourceArns) if (each.endsWith('*')) wildcards.add(each);
    Grant.addToPrincipal({
      ...{ grantee, actions: [...actions], resourceArns: [...resourceArns] },
      ...(conditions && { conditions: { ...conditions } }),
    });
  };

  allow(['glue:StartJobRun', 'glue:GetJobRun', 'glue:BatchStopJobRun'], arnsOf('glue'));

  // Its versions and aliases too.
  allow(['states:StartExecution'], arnsOf('state_machine').flatMap(withQualifiers));
  allow(['states:DescribeExecution', 'states:StopExecution'], arnsOf('state_machine').map(executionsOf));

  allow(['emr-serverless:StartJobRun'], arnsOf('emr_serverless'));
  const jobRuns = arnsOf('emr_serverless').map((arn) => `${arn}/jobruns/*`);
  allow(['emr-serverless:GetJobRun', 'emr-serverless:CancelJobRun'], jobRuns);

  const jobDefinitions = arnsOf('job_definition');
  allow(['batch:SubmitJob'], [...arnsOf('job_queue'), ...jobDefinitions.flatMap(withRevisions)]);
  // The ids of jobs are Batch's own, and it lets nobody look at some of them.
  allow(['batch:TerminateJob'], [...new Set(arnsOf('job_queue').map(jobsBeside))]);
  allow(['batch:DescribeJobs'], jobDefinitions.length === 0 ? [] : ['*']);

  const clusters = arnsOf('cluster');
  const inClusters = { ArnEquals: { 'ecs:cluster': clusters } };
  allow(['ecs:RunTask'], arnsOf('task_definition').flatMap(withRevisions), inClusters);
  allow(['ecs:StopTask', 'ecs:DescribeTasks'], clusters.map(tasksOf), inClusters);

  allow(['lambda:InvokeFunction'], arnsOf('function').flatMap(withQualifiers));
  allow(['events:PutEvents'], arnsOf('bus'), { StringEquals: { 'events:source': 'runledger' } });

  const roles = [...arnsOf('role'), ...targets.flatMap(rolesOfTask)];
  allow(['iam:PassRole'], [...new Set(roles)], {
    StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'emr-serverless.amazonaws.com'] },
  });

  allow(['secretsmanager:GetSecretValue'], arnsOf('secret'));
  allow(['ssm:GetParameter'], arnsOf('parameter'));
  return [...wildcards];
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A revision changes with each deployment of a job; who names none means all of them. */
const withRevisions = (arn: string): readonly string[] => (/:\d+$/.test(arn) ? [arn] : withQualifiers(arn));

const withQualifiers = (arn: string): readonly string[] => [arn, `${arn}:*`];

const executionsOf = (stateMachine: string): string =>
  beside(stateMachine, ArnFormat.COLON_RESOURCE_NAME, 'execution', (name) => `${name}:*`);

const tasksOf = (cluster: string): string =>
  beside(cluster, ArnFormat.SLASH_RESOURCE_NAME, 'task', (name) => `${name}/*`);

const jobsBeside = (queue: string): string => beside(queue, ArnFormat.SLASH_RESOURCE_NAME, 'job', () => '*');

/** Another resource of the same service, region and account. */
function beside(arn: string, format: ArnFormat, resource: string, nameOf: (name: string) => string): string {
  const parts = Arn.split(arn, format);
  return Arn.format({ ...parts, resource, resourceName: nameOf(parts.resourceName ?? '') });
}

/** Task definitions of the same app know which roles they take. */
function rolesOfTask(target: RestartTarget): readonly string[] {
  if (typeof target === 'string' || !('taskDefinitionArn' in target)) return [];
  const { taskRole, executionRole } = target;
  return [taskRole, executionRole].flatMap((role) => role?.roleArn ?? []);
}
