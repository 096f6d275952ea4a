import * as z from 'zod';
import * as field from './fields.ts';

const arguments_ = z.record(field.text('the name of an argument', 200), field.text('a text', 4000)).optional();
const json = z.record(field.text('a name', 200), z.json()).optional();
const names = (what: string, max: number) => z.array(field.text(what, 300)).max(max);
const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=.@/-]{1,576}$/, {
  error: 'expected the ARN of a role, such as arn:aws:iam::123456789012:role/orders',
});

/** What starts a run again. Names are as the platform's own API takes them: a name, an id or an ARN. */
const targets = {
  command: z.strictObject({
    run: z.array(field.text('the program, then each of its arguments', 4000)).min(1).max(200),
    folder: field.text('the path of a folder', 1000).optional(),
  }),
  http: z.strictObject({ url: field.secretReference, secret: field.secretReference.optional() }),
  glue: z.strictObject({
    job: field.text('the name of a Glue job', 255),
    arguments: arguments_,
    worker_type: field.text('a worker type such as G.1X', 255).optional(),
  }),
  step_functions: z.strictObject({
    state_machine: z.string().regex(/^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^\s]{1,160}$/, {
      error: 'expected the ARN of a state machine, such as arn:aws:states:eu-north-1:123456789012:stateMachine:orders',
    }),
    input: json,
  }),
  emr_serverless: z.strictObject({
    application: field.text('the id of an application', 64),
    execution_role: roleArn,
    spark_submit: z.strictObject({
      entry_point: field.text('what is run: s3://… of a script or a JAR', 256),
      arguments: names('an argument', 200).optional(),
      parameters: field.text('parameters of spark-submit', 100_000).optional(),
    }),
  }),
  batch: z.strictObject({
    job_definition: field.text('the name of a job definition, its ARN, or name:revision', 300),
    job_queue: field.text('the name or the ARN of a job queue', 300),
    parameters: arguments_,
  }),
  ecs: z.strictObject({
    cluster: field.text('the name or the ARN of a cluster', 300),
    task_definition: field.text('the family of a task definition, its ARN, or family:revision', 300),
    container: field.text('the name of the container that is told of the run', 255),
    subnets: names('the id of a subnet', 16).min(1),
    security_groups: names('the id of a security group', 5).optional(),
    assign_public_ip: field.flag.optional(),
    launch_type: field.oneOf(['FARGATE', 'EC2']).default('FARGATE'),
  }),
  lambda: z.strictObject({ function: field.text('the name or the ARN of a function', 256), payload: json }),
  databricks: z.strictObject({
    host: z.url({ protocol: /^https$/, error: 'expected the address of a workspace, which begins with https://' }),
    job_id: z
      .int({ error: 'expected the id of a job, a whole number' })
      .positive({ error: 'expected the id of a job, a whole number above 0' }),
    token: field.secretReference,
  }),
  event: z.strictObject({
    bus: field.text('the name or the ARN of an event bus', 300),
    detail_type: field.text('the detail type of the event', 128),
    detail: json,
  }),
};
export const RESTART_KINDS = Object.keys(targets) as readonly (keyof typeof targets)[];

/** Kinds whose runs the ledger cannot stop: their platform gives no call for it. */
export const UNSTOPPABLE_KINDS: readonly (keyof typeof targets)[] = ['http', 'lambda', 'event'];

export const restartSchema = z
  .strictObject(
    Object.fromEntries(Object.entries(targets).map(([kind, schema]) => [kind, schema.optional()])) as {
      [Kind in keyof typeof targets]: z.ZodOptional<(typeof targets)[Kind]>;
    },
  )
  .refine((each) => RESTART_KINDS.filter((kind) => each[kind] !== undefined).length === 1, {
    error: `expected exactly one of ${RESTART_KINDS.join(', ')}`,
  });
