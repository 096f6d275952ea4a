import { countIn, type Found, suffixed } from './found.ts';
import { orNothing, type Surroundings } from './surroundings.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Finder = (env: Env, surroundings: Surroundings) => Found | undefined;

/** Services of AWS: Lambda, Glue, Batch, ECS, EMR Serverless, EMR, Step Functions. */
export function ofAws(surroundings: Surroundings): Found {
  const env = surroundings.env();
  for (const find of [ofLambda, ofGlue, ofBatch, ofEcs, ofEmrServerless, ofEmr]) {
    const found = find(env, surroundings);
    if (found) return inStepFunction(found, env);
  }
  return inStepFunction({}, env);
}

const ofLambda: Finder = (env) =>
  env.AWS_LAMBDA_FUNCTION_NAME
    ? {
        job_id: env.AWS_LAMBDA_FUNCTION_NAME,
        task_id: env.AWS_LAMBDA_LOG_STREAM_NAME,
        cluster: { cluster_size: suffixed(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, ' MB') },
        tags: { platform: 'lambda', lambda_version: env.AWS_LAMBDA_FUNCTION_VERSION, region: regionOf(env) },
      }
    : undefined;

/** Glue passes what it knows as arguments of the script. */
const ofGlue: Finder = (env, { argv }) => {
  const run = argumentOf(argv, '--JOB_RUN_ID');
  if (!run && !env.GLUE_VERSION) return undefined;
  return {
    job_id: argumentOf(argv, '--JOB_NAME'),
    task_id: run,
    tags: { platform: 'glue', glue_version: env.GLUE_VERSION, region: regionOf(env) },
  };
};

const ofBatch: Finder = (env) =>
  env.AWS_BATCH_JOB_ID
    ? {
        job_id: env.AWS_BATCH_JOB_ID,
        task_id: env.AWS_BATCH_JOB_ARRAY_INDEX,
        run_attempt: countIn(env.AWS_BATCH_JOB_ATTEMPT),
        tags: { platform: 'batch', batch_queue: env.AWS_BATCH_JQ_NAME, region: regionOf(env) },
      }
    : undefined;

/** Only where the platform says it is: an address of the machine itself. */
const ecsAddress = (env: Env): string | undefined => {
  const address = env.ECS_CONTAINER_METADATA_URI_V4;
  return address?.startsWith('http://169.254.') ? address : undefined;
};

const ofEcs: Finder = (env) =>
  ecsAddress(env) === undefined ? undefined : { tags: { platform: 'ecs', region: regionOf(env) } };

const ofEmrServerless: Finder = (env) => {
  const application = env.EMR_SERVERLESS_APPLICATION_ID || env.AWS_EMR_SERVERLESS_APPLICATION_ID;
  if (!application) return undefined;
  return {
    job_id: application,
    task_id: env.EMR_SERVERLESS_JOB_RUN_ID || env.AWS_EMR_SERVERLESS_JOB_RUN_ID,
    cluster: { cluster_id: application },
    tags: { platform: 'emr-serverless', region: regionOf(env) },
  };
};

const FLOW_FILES = ['/emr/instance-controller/lib/info/job-flow.json', '/mnt/var/lib/info/job-flow.json'];

const ofEmr: Finder = (env, { read }) => {
  const flow = FLOW_FILES.map((path) => parsed(read(path))).find((each) => each !== undefined);
  if (!flow) return undefined;
  return {
    task_id: env.EMR_STEP_ID,
    cluster: {
      cluster_id: textOf(flow.jobFlowId),
      driver_node_type: textOf(flow.masterInstanceType),
      cluster_size: suffixed(flow.instanceCount, ` x ${flow.slaveInstanceType}`),
    },
    tags: { platform: 'emr', region: regionOf(env) },
  };
};

/** A state machine passes its execution on as `EXECUTION_ARN` (`$$.Execution.Id`). */
function inStepFunction(found: Found, env: Env): Found {
  const arn = env.EXECUTION_ARN || env.AWS_STEP_FUNCTIONS_EXECUTION_ARN;
  if (!arn?.includes(':execution:')) return found;
  const tags = { platform: 'step-functions', ...found.tags, execution_arn: arn };
  return { ...found, job_id: arn.split(':').at(-2), tags };
}

/** What a task of ECS is told only when it asks; undefined: this is none. */
export function laterOfEcs({ env, ask }: Surroundings): Promise<Found> | undefined {
  const address = ecsAddress(env());
  return address === undefined ? undefined : ask(`${address}/task`).then((text) => taskOf(parsed(text) ?? {}));
}

function taskOf(task: Readonly<Record<string, unknown>>): Found {
  return {
    job_id: suffixed(task.Family, `:${task.Revision}`),
    task_id: lastPart(task.TaskARN),
    cluster: { cluster_id: lastPart(task.Cluster) },
  };
}

const lastPart = (arn: unknown): string | undefined => textOf(arn)?.split('/').at(-1) || undefined;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const regionOf = (env: Env): string | undefined => env.AWS_REGION || env.AWS_DEFAULT_REGION;

function argumentOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.slice(0, -1).indexOf(name);
  if (at >= 0) return argv[at + 1];
  return argv.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const value = text === undefined ? undefined : orNothing(() => JSON.parse(text) as unknown);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
