import { expect, test } from 'vitest';
import { looksLike } from '../../../core/accept/looks-like.ts';

const lookOf = (value: unknown): string | undefined => looksLike(JSON.stringify(value), value);

/** The sources of the shapes are the documentation of each tool; values are made up. */
test.each<readonly [string, unknown]>([
  [
    'an OpenLineage event (job.name "orders.daily", run.runId "0190", eventType "COMPLETE"): send job.name as process_name',
    {
      eventTime: '2025-11-03T12:00:00Z',
      eventType: 'COMPLETE',
      run: { runId: '0190', facets: {} },
      job: { namespace: 'airflow', name: 'orders.daily' },
      producer: 'https://github.com/OpenLineage/OpenLineage',
    },
  ],
  [
    'dbt\'s run_results.json (metadata.invocation_id "8f1c"): send metadata.invocation_id as run_id',
    {
      metadata: {
        dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
        invocation_id: '8f1c',
      },
      results: [{ status: 'success', unique_id: 'model.shop.orders' }],
      elapsed_time: 3.2,
    },
  ],
  [
    'a log line of dbt (info.invocation_id "8f1c", info.name "LogModelResult")',
    {
      data: { node_info: { unique_id: 'model.shop.orders', node_status: 'success' } },
      info: { invocation_id: '8f1c', name: 'LogModelResult', level: 'info', msg: '1 of 1 OK' },
    },
  ],
  [
    'an EventBridge event of Glue (detail-type "Glue Job State Change", detail.jobName "load", detail.jobRunId "jr_1")',
    {
      'detail-type': 'Glue Job State Change',
      source: 'aws.glue',
      detail: { jobName: 'load', jobRunId: 'jr_1', state: 'SUCCEEDED' },
    },
  ],
  [
    'an EventBridge event of Step Functions (',
    {
      'detail-type': 'Step Functions Execution Status Change',
      source: 'aws.states',
      detail: { stateMachineArn: 'arn:aws:states:…:load', executionArn: 'arn:…:load:1', name: '1', status: 'FAILED' },
    },
  ],
  [
    'an EventBridge event of Batch (',
    {
      'detail-type': 'Batch Job State Change',
      source: 'aws.batch',
      detail: { jobName: 'event-test', jobId: '4c75', status: 'RUNNABLE' },
    },
  ],
  [
    'an EventBridge event of EMR (',
    {
      'detail-type': 'EMR Step Status Change',
      source: 'aws.emr',
      detail: { clusterId: 'j-1', stepId: 's-1', name: 'load', state: 'COMPLETED' },
    },
  ],
  [
    'an EventBridge event (source "aws.codepipeline", detail-type "CodePipeline Pipeline Execution State Change"): send the event in detail',
    { 'detail-type': 'CodePipeline Pipeline Execution State Change', source: 'aws.codepipeline', detail: {} },
  ],
  [
    'a CloudTrail log (Records.0.eventSource "ec2.amazonaws.com", Records.0.eventName "StartInstances"): do not send it',
    { Records: [{ eventVersion: '1.08', eventSource: 'ec2.amazonaws.com', eventName: 'StartInstances' }] },
  ],
  ['a CloudTrail record (', { eventVersion: '1.08', eventSource: 's3.amazonaws.com', eventName: 'GetObject' }],
  ['a subscription of CloudWatch Logs (', { messageType: 'DATA_MESSAGE', logGroup: '/aws/glue', logEvents: [] }],
  ['a call of the Firehose API (', { DeliveryStreamName: 'runledger', Records: [{ Data: 'e30=' }] }],
  [
    'a run as Databricks jobs/runs/get tells it (job_id 11, run_id 455, state.result_state "FAILED")',
    { job_id: 11, run_id: 455, state: { life_cycle_state: 'TERMINATED', result_state: 'FAILED' }, tasks: [] },
  ],
  [
    'a run as Databricks jobs/runs/get tells it (job_id 11, run_id 455, status.termination_details.code "RUN_EXECUTION_ERROR")',
    {
      job_id: 11,
      run_id: 455,
      status: { state: 'TERMINATED', termination_details: { code: 'RUN_EXECUTION_ERROR', type: 'CLIENT_ERROR' } },
    },
  ],
  [
    'a notification of a Databricks job (',
    { event_type: 'jobs.on_failure', workspace_id: 1, run: { run_id: 455 }, job: { job_id: 11, name: 'load' } },
  ],
  [
    "a row of Databricks' system.lakeflow (",
    { workspace_id: '1', job_id: '11', run_id: '455', period_start_time: '2025-11-03', result_state: 'SUCCEEDED' },
  ],
  ['an event of Spark (Event "SparkListenerJobEnd")', { Event: 'SparkListenerJobEnd', 'Job ID': 0 }],
  [
    'an event of Prefect (event "prefect.flow-run.Completed", resource.prefect.resource.id "prefect.flow-run.e375")',
    {
      event: 'prefect.flow-run.Completed',
      occurred: '2025-11-03T12:00:00Z',
      resource: { 'prefect.resource.id': 'prefect.flow-run.e375' },
      related: [],
    },
  ],
  [
    'a run of MLflow (info.run_id "9a", info.status "FINISHED")',
    { info: { run_id: '9a', experiment_id: '0', status: 'FINISHED' }, data: {} },
  ],
  [
    'an event record of Dagster (run_id "d1", dagster_event.event_type_value "STEP_FAILURE")',
    { run_id: 'd1', dagster_event: { event_type_value: 'STEP_FAILURE', step_key: 'load' } },
  ],
  ['an Argo workflow (', { kind: 'Workflow', metadata: { name: 'load-x2' }, status: { phase: 'Failed' } }],
  ['a pipeline run of Data Factory (', { pipelineName: 'load', runId: '1', status: 'Succeeded' }],
  ['a line of a Docker log: send the text in log', { log: '{"a":1}\n', stream: 'stdout', time: '2025-11-03' }],
  [
    'a task log of Airflow (logger "airflow.models.taskinstance")',
    { timestamp: '2025-11-03', level: 'info', event: 'started', logger: 'airflow.models.taskinstance' },
  ],
  [
    'a task log of Airflow (filename "taskinstance.py")',
    { asctime: '2025-11-03', filename: 'taskinstance.py', lineno: 1, levelname: 'INFO', message: 'm' },
  ],
])('%s', (look, value) => {
  expect(lookOf(value)?.startsWith(`this looks like ${look}`), lookOf(value)).toBe(true);
});

test.each([
  ['a dict as Python prints it: write it with json.dumps', "{'process_name': 'load', 'ok': True}"],
  ['JSON in base64: decode it, or let the client encode it only once', 'eyJwcm9jZXNzX25hbWUiOiJsb2FkIn0='],
  ['XML: send it as JSON', '<event><run>1</run></event>'],
  ['logfmt: send its pairs as JSON', 'level=info run_id="a b" msg=started'],
])('%s', (look, text) => {
  expect(looksLike(text, undefined)).toBe(`this looks like ${look}`);
});

test.each<unknown>([{}, { process_name: 'p' }, { run: {}, job: null }, { Event: 7 }, { constructor: 1, toString: 2 }])(
  '%j looks like nothing',
  (value) => {
    expect(lookOf(value)).toBeUndefined();
  },
);

test.each(['', 'hello', '2025-11-03 INFO a=1', '[1]', '"text"', 'eyes'])('%s looks like nothing', (text) => {
  expect(looksLike(text, undefined)).toBeUndefined();
});

test('values are shown by their first characters', () => {
  const look = lookOf({ run: { runId: 'r'.repeat(1_000) }, job: { name: 'n' } }) ?? '';
  expect(look.length).toBeLessThan(400);
});
