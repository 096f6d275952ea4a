import { isObject } from './masked-value.ts';

/** A report of another tool, and how its fields are sent as an event. Paths are the names on the way, joined by `/`. */
interface Shape {
  readonly is: string;
  /** Paths that all have a value. */
  readonly has: readonly string[];
  /** Texts that stand at paths. */
  readonly where?: Readonly<Record<string, RegExp>>;
  /** Paths whose values tell the reader which event it is. */
  readonly shows: readonly string[];
  readonly todo: string;
}

const eventBridge = (source: string, is: string, ids: readonly string[], todo: string): Shape => ({
  is: `an EventBridge event of ${is}`,
  has: ['detail-type', ...ids],
  where: { source: new RegExp(`^aws\\.${source}$`) },
  shows: ['detail-type', ...ids],
  todo,
});

/** The first that fits is meant, so the particular ones stand before the general. */
const SHAPES: readonly Shape[] = [
  {
    is: 'an OpenLineage event',
    has: ['job/name', 'run/runId'],
    shows: ['job/name', 'run/runId', 'eventType'],
    todo: 'send job.name as process_name, run.runId as run_id, eventType as event_type and eventTime as event_time',
  },
  {
    is: "dbt's run_results.json",
    has: ['metadata/dbt_schema_version', 'results'],
    shows: ['metadata/invocation_id'],
    todo: 'send metadata.invocation_id as run_id, and each of the results as a STEP_END with its unique_id as step_name',
  },
  {
    is: 'a log line of dbt',
    has: ['info/invocation_id', 'info/name'],
    shows: ['info/invocation_id', 'info/name'],
    todo: 'send info.invocation_id as run_id and data.node_info.unique_id as step_name',
  },
  eventBridge(
    'glue',
    'Glue',
    ['detail/jobName', 'detail/jobRunId'],
    'send detail.jobName as process_name, detail.jobRunId as run_id and detail.state as status',
  ),
  eventBridge(
    'states',
    'Step Functions',
    ['detail/stateMachineArn', 'detail/executionArn'],
    'send the name in detail.stateMachineArn as process_name, detail.name as run_id and detail.status as status',
  ),
  eventBridge(
    'batch',
    'Batch',
    ['detail/jobName', 'detail/jobId'],
    'send detail.jobName as process_name, detail.jobId as run_id and detail.status as status',
  ),
  eventBridge(
    'emr',
    'EMR',
    ['detail/clusterId'],
    'send detail.name as process_name, detail.stepId or detail.clusterId as run_id and detail.state as status',
  ),
  {
    is: 'an EventBridge event',
    has: ['detail-type', 'source', 'detail'],
    shows: ['source', 'detail-type'],
    todo: 'send the event in detail',
  },
  {
    is: 'a CloudTrail log',
    has: ['Records/0/eventVersion', 'Records/0/eventSource'],
    shows: ['Records/0/eventSource', 'Records/0/eventName'],
    todo: 'do not send it: it tells of API calls and not of runs',
  },
  {
    is: 'a CloudTrail record',
    has: ['eventVersion', 'eventSource', 'eventName'],
    shows: ['eventSource', 'eventName'],
    todo: 'do not send it: it tells of API calls and not of runs',
  },
  {
    is: 'a subscription of CloudWatch Logs',
    has: ['logGroup', 'logEvents'],
    shows: ['logGroup'],
    todo: 'send the message of each of the logEvents',
  },
  {
    is: 'a call of the Firehose API',
    has: ['Records/0/Data'],
    shows: ['DeliveryStreamName'],
    todo: 'send it to POST / with an SDK, or the decoded Data of its records here',
  },
  {
    is: 'a run as Databricks jobs/runs/get tells it',
    has: ['job_id', 'run_id', 'state/life_cycle_state'],
    shows: ['job_id', 'run_id', 'state/result_state'],
    todo: 'send run_name or job_id as process_name and state.result_state as status',
  },
  {
    is: 'a run as Databricks jobs/runs/get tells it',
    has: ['job_id', 'run_id', 'status/state'],
    shows: ['job_id', 'run_id', 'status/termination_details/code'],
    todo: 'send run_name or job_id as process_name and status.termination_details.code as status',
  },
  {
    is: 'a notification of a Databricks job',
    has: ['event_type', 'run/run_id', 'job/job_id'],
    where: { event_type: /^jobs\./ },
    shows: ['job/name', 'run/run_id', 'event_type'],
    todo: 'send job.name as process_name and run.run_id as run_id',
  },
  {
    is: "a row of Databricks' system.lakeflow",
    has: ['workspace_id', 'job_id', 'run_id', 'period_start_time'],
    shows: ['job_id', 'run_id', 'result_state'],
    todo: 'send job_id as process_name and result_state as status',
  },
  {
    is: 'an event of Spark',
    has: ['Event'],
    where: { Event: /^(SparkListener|org\.apache\.spark\.)/ },
    shows: ['Event', 'App ID'],
    todo: 'send spark.app.name as process_name and App ID as run_id with the start, the end and the stages of the application',
  },
  {
    is: 'an event of Prefect',
    has: ['event', 'resource/prefect.resource.id'],
    shows: ['event', 'resource/prefect.resource.id'],
    todo: "send the flow's name as process_name, the id in prefect.resource.id as run_id and the state's type as status",
  },
  {
    is: 'a run of MLflow',
    has: ['info/run_id', 'info/experiment_id'],
    shows: ['info/run_id', 'info/status'],
    todo: "send the experiment's name as process_name, info.run_id as run_id and info.status as status",
  },
  {
    is: 'an event record of Dagster',
    has: ['dagster_event/event_type_value'],
    shows: ['run_id', 'dagster_event/event_type_value'],
    todo: 'send job_name as process_name, dagster_event.event_type_value as event_type and dagster_event.step_key as step_name',
  },
  {
    is: 'an Argo workflow',
    has: ['kind', 'metadata/name', 'status/phase'],
    where: { kind: /^Workflow$/ },
    shows: ['metadata/name', 'status/phase'],
    todo: 'send metadata.generateName as process_name, metadata.name as run_id and status.phase as status',
  },
  {
    is: 'a pipeline run of Data Factory',
    has: ['pipelineName', 'runId'],
    shows: ['pipelineName', 'runId', 'status'],
    todo: 'send pipelineName as process_name and runId as run_id',
  },
  {
    is: 'a line of a Docker log',
    has: ['log', 'stream', 'time'],
    shows: [],
    todo: 'send the text in log',
  },
  {
    is: 'a task log of Airflow',
    has: ['event', 'logger'],
    where: { logger: /^(airflow|task)\b/ },
    shows: ['logger'],
    todo: 'send dag_id, run_id, task_id and the state from a callback or a listener: a log line names no run',
  },
  {
    is: 'a task log of Airflow',
    has: ['levelname', 'lineno', 'filename'],
    shows: ['filename'],
    todo: 'send dag_id, run_id, task_id and the state from a callback or a listener: a log line names no run',
  },
];

/** Lines that are no JSON but could have been. */
const TEXTS: readonly { readonly is: string; readonly begins: RegExp; readonly todo: string }[] = [
  { is: 'a dict as Python prints it', begins: /^\s*\{\s*'/, todo: 'write it with json.dumps' },
  { is: 'JSON in base64', begins: /^eyJ[\w+/]/, todo: 'decode it, or let the client encode it only once' },
  { is: 'XML', begins: /^\s*<[?!a-z]/i, todo: 'send it as JSON' },
  { is: 'logfmt', begins: /^[\w.]+=("[^"]*"|\S*)\s+[\w.]+=/, todo: 'send its pairs as JSON' },
];

const MAX_VALUE_CHARS = 80;

/** What a line that was rejected looks like and how to send it; undefined when it looks like nothing that is known. */
export function looksLike(text: string, value: unknown): string | undefined {
  if (!isObject(value)) {
    const head = text.slice(0, 1000);
    const found = TEXTS.find(({ begins }) => begins.test(head));
    return found && `this looks like ${found.is}: ${found.todo}`;
  }
  const shape = SHAPES.find((each) => fits(each, value));
  if (shape === undefined) return undefined;
  const shown = shape.shows.flatMap((path) => {
    const at = valueAt(value, path);
    const is = typeof at === 'string' || typeof at === 'number';
    return is ? [`${path.replaceAll('/', '.')} ${JSON.stringify(at).slice(0, MAX_VALUE_CHARS).toWellFormed()}`] : [];
  });
  return `this looks like ${shape.is}${shown.length === 0 ? '' : ` (${shown.join(', ')})`}: ${shape.todo}`;
}

function fits({ has, where = {} }: Shape, value: unknown): boolean {
  const isThere = (path: string): boolean => (valueAt(value, path) ?? null) !== null;
  return (
    has.every(isThere) &&
    Object.entries(where).every(([path, wanted]) => {
      const at = valueAt(value, path);
      return typeof at === 'string' && wanted.test(at);
    })
  );
}

/** Own names only: a line may have any. */
function valueAt(value: unknown, path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name)
          ? (at as Readonly<Record<string, unknown>>)[name]
          : undefined,
      value,
    );
}
