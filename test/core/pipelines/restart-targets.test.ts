import { describe, expect, test } from 'vitest';
import { readPipelines } from '../../../core/pipelines/read-pipelines.ts';
import { RESTART_KINDS } from '../../../core/pipelines/restart-schema.ts';

const noHolidays = { datesOf: () => undefined };
const ROLE = 'arn:aws:iam::123456789012:role/orders';
const MACHINE = 'arn:aws:states:eu-north-1:123456789012:stateMachine:orders';

const read = (restart: string, kinds?: readonly string[], more = '') =>
  readPipelines(
    `version: 1\npipelines:\n  orders:\n    idempotent: merge\n    retry: { by: ledger, max_attempts: 3 }\n    restart: ${restart}\n${more}`,
    noHolidays,
    kinds,
  );

const TARGETS = {
  command: '{ run: [job, --all], folder: jobs }',
  http: '{ url: ssm:/runledger/start, secret: ssm:/runledger/key }',
  glue: '{ job: orders, arguments: { day: today }, worker_type: G.1X }',
  step_functions: `{ state_machine: "${MACHINE}", input: { table: orders, workers: 4, deep: [{ a: null }] } }`,
  emr_serverless: `{ application: 00f1, execution_role: "${ROLE}", spark_submit: { entry_point: s3://code/job.py, arguments: [a], parameters: --conf spark.x=y } }`,
  batch: '{ job_definition: "orders:3", job_queue: night, parameters: { day: today } }',
  ecs: '{ cluster: night, task_definition: orders, container: job, subnets: [subnet-1], security_groups: [sg-1], assign_public_ip: false, launch_type: FARGATE }',
  lambda: '{ function: orders, payload: { table: orders } }',
  databricks: '{ host: "https://dbc-1.cloud.databricks.com", job_id: 7, token: secretsmanager:runledger/databricks }',
  event: '{ bus: default, detail_type: Start orders, detail: { table: orders } }',
} as const satisfies Readonly<Record<(typeof RESTART_KINDS)[number], string>>;

test.each(RESTART_KINDS)('%s is a restart target, with all its words', (kind) => {
  const { problems, warnings, expectations } = read(`{ ${kind}: ${TARGETS[kind]} }`);
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  expect(Object.keys(expectations?.pipelines[0]?.restart ?? {})).toEqual([kind]);
});

describe('a target that cannot be meant is refused', () => {
  test.each([
    ['{ glues: { job: orders } }', /did you mean glue\?/],
    ['{ glue: { jop: orders } }', /did you mean job\?/],
    ['{ glue: {} }', /the name of a Glue job/],
    ['{ step_functions: { state_machine: orders } }', /the ARN of a state machine, such as arn:aws:states/],
    [
      '{ emr_serverless: { application: a, execution_role: orders, spark_submit: { entry_point: s3://a } } }',
      /ARN of a role/,
    ],
    ['{ emr_serverless: { application: a, execution_role: x, spark_submit: { entry_piont: s3://a } } }', /entry_point/],
    ['{ ecs: { cluster: a, task_definition: b, container: c, subnets: [] } }', /expected at least 1 of them/],
    [
      '{ ecs: { cluster: a, task_definition: b, container: c, subnets: [s], launch_type: fargate } }',
      /one of FARGATE, EC2/,
    ],
    ['{ databricks: { host: "http://dbc-1", job_id: 7, token: env:T } }', /begins with https:\/\//],
    ['{ databricks: { host: "https://dbc-1", job_id: orders, token: env:T } }', /the id of a job, a whole number/],
    [
      '{ databricks: { host: "https://dbc-1", job_id: 7, token: dapi0123 } }',
      /The secret itself never stands in this file/,
    ],
    ['{ lambda: { function: a }, glue: { job: b } }', /exactly one of command, http, glue/],
    ['{}', /exactly one of command, http, glue/],
  ])('%s', (restart, message) => {
    const { problems, expectations } = read(restart);
    expect(problems.map((each) => each.message).join('\n')).toMatch(message);
    expect(expectations).toBeUndefined();
  });
});

test('a ledger refuses what it cannot start, and names what it can', () => {
  const { problems } = read(`{ glue: ${TARGETS.glue} }`, ['command', 'http']);
  expect(problems[0]?.message).toBe(
    'expected a target that this ledger can start runs on (command, http), but got glue',
  );
});

test.each([
  ...['http', 'lambda', 'event'].map((kind) => [kind, 1] as const),
  ...['command', 'glue', 'step_functions', 'emr_serverless', 'batch', 'ecs', 'databricks'].map(
    (kind) => [kind, 0] as const,
  ),
])('kill_after beside a target %s is warned of %i times', (kind, count) => {
  const { warnings } = read(`{ ${kind}: ${TARGETS[kind as keyof typeof TARGETS]} }`, undefined, '    kill_after: 2h\n');
  expect(warnings.map(({ message }) => message)).toHaveLength(count);
  if (count > 0)
    expect(warnings[0]?.message).toMatch(/^expected a restart target that can be stopped \(command, glue, /);
});
