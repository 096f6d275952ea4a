import type { Status } from '../schema/event.ts';

/** What a tool's word for a state or an event says: that work began, goes on, or ended, and how. */
export interface Meaning {
  readonly says: 'start' | 'alive' | 'end';
  /** What a start or an end says of the run or step; absent on an end: it does not say how it ended. */
  readonly status?: Status;
  /** Set when the word names what it is about: `TASK_FAILED` is about a step, `DAG_FAILED` about the run. */
  readonly about?: 'RUN' | 'STEP';
}

export const start: Meaning = { says: 'start', status: 'RUNNING' };
export const queued: Meaning = { says: 'start', status: 'QUEUED' };
export const alive: Meaning = { says: 'alive' };
export const end: Meaning = { says: 'end' };
export const success: Meaning = { says: 'end', status: 'SUCCESS' };
export const failed: Meaning = { says: 'end', status: 'FAILED' };
export const timedOut: Meaning = { says: 'end', status: 'TIMED_OUT' };
export const cancelled: Meaning = { says: 'end', status: 'CANCELLED' };
export const skipped: Meaning = { says: 'end', status: 'SKIPPED' };
export const retry: Meaning = { says: 'end', status: 'RETRY' };

interface Vocabulary {
  readonly tool: string;
  /** Where the tool documents the words. */
  readonly source: string;
  readonly words: Readonly<Record<string, Meaning>>;
}

/**
 * The words of the tools that run pipelines, as those tools write them. Case, spaces and hyphens do not matter. A word
 * that two tools use means the same in both, which a test checks.
 */
export const VOCABULARIES: readonly Vocabulary[] = [
  {
    tool: 'Runledger',
    source: 'docs/events.md',
    words: {
      QUEUED: queued,
      STARTED: start,
      START: start,
      RUNNING: alive,
      RETRY: retry,
      SUCCESS: success,
      FAILED: failed,
      TIMED_OUT: timedOut,
      CANCELLED: cancelled,
      SKIPPED: skipped,
      END: end,
      ENDED: end,
    },
  },
  {
    tool: 'OpenLineage',
    source: 'https://openlineage.io/docs/spec/run-cycle',
    words: { START: start, RUNNING: alive, COMPLETE: success, ABORT: cancelled, FAIL: failed },
  },
  {
    tool: 'Airflow',
    source: 'https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/tasks.html#task-instances',
    words: {
      scheduled: queued,
      queued,
      running: alive,
      success,
      failed,
      skipped,
      restarting: retry,
      up_for_retry: retry,
      up_for_reschedule: alive,
      upstream_failed: skipped,
      deferred: alive,
      removed: skipped,
      no_status: queued,
      shutdown: cancelled,
    },
  },
  {
    tool: 'dbt',
    source: 'https://docs.getdbt.com/reference/artifacts/run-results-json',
    words: {
      success,
      error: failed,
      skipped,
      'partial success': failed,
      pass: success,
      fail: failed,
      warn: success,
      'runtime error': failed,
      'no-op': success,
      reused: skipped,
    },
  },
  {
    tool: 'Dagster',
    source: 'https://docs.dagster.io/api/dagster/internals#dagster.DagsterEventType',
    words: {
      PIPELINE_ENQUEUED: { ...queued, about: 'RUN' },
      PIPELINE_DEQUEUED: { ...queued, about: 'RUN' },
      PIPELINE_STARTING: { ...queued, about: 'RUN' },
      PIPELINE_START: { ...start, about: 'RUN' },
      PIPELINE_SUCCESS: { ...success, about: 'RUN' },
      PIPELINE_FAILURE: { ...failed, about: 'RUN' },
      PIPELINE_CANCELING: { ...alive, about: 'RUN' },
      PIPELINE_CANCELED: { ...cancelled, about: 'RUN' },
      STEP_START: { ...start, about: 'STEP' },
      STEP_SUCCESS: { ...success, about: 'STEP' },
      STEP_FAILURE: { ...failed, about: 'STEP' },
      STEP_SKIPPED: { ...skipped, about: 'STEP' },
      STEP_UP_FOR_RETRY: { ...retry, about: 'STEP' },
      STEP_RESTARTED: { ...start, about: 'STEP' },
      STEP_WORKER_STARTING: alive,
      STEP_WORKER_STARTED: alive,
      STEP_INPUT: alive,
      STEP_OUTPUT: alive,
      STEP_EXPECTATION_RESULT: alive,
      ASSET_MATERIALIZATION: alive,
      ASSET_MATERIALIZATION_PLANNED: alive,
      ASSET_OBSERVATION: alive,
      ASSET_CHECK_EVALUATION: alive,
      HANDLED_OUTPUT: alive,
      LOADED_INPUT: alive,
      OBJECT_STORE_OPERATION: alive,
      RESOURCE_INIT_STARTED: alive,
      RESOURCE_INIT_SUCCESS: alive,
      RESOURCE_INIT_FAILURE: alive,
      HOOK_COMPLETED: alive,
      HOOK_ERRORED: alive,
      HOOK_SKIPPED: alive,
      ALERT_START: alive,
      ALERT_SUCCESS: alive,
      ALERT_FAILURE: alive,
      ENGINE_EVENT: alive,
      LOGS_CAPTURED: alive,
      NOT_STARTED: queued,
      STARTING: start,
      CANCELING: alive,
      CANCELED: cancelled,
      MANAGED: alive,
    },
  },
  {
    tool: 'Prefect',
    source: 'https://docs.prefect.io/v3/concepts/states',
    words: {
      Scheduled: queued,
      Late: queued,
      AwaitingRetry: retry,
      AwaitingConcurrencySlot: queued,
      Pending: queued,
      Submitting: queued,
      Paused: alive,
      Suspended: alive,
      Running: alive,
      Retrying: retry,
      Completed: success,
      Cached: success,
      Cancelled: cancelled,
      Cancelling: alive,
      Failed: failed,
      Crashed: failed,
      TimedOut: timedOut,
      RolledBack: failed,
    },
  },
  {
    tool: 'Databricks',
    source: 'https://docs.databricks.com/api/workspace/jobs/getrun',
    words: {
      BLOCKED: queued,
      PENDING: queued,
      QUEUED: queued,
      RUNNING: alive,
      TERMINATING: alive,
      TERMINATED: end,
      WAITING_FOR_RETRY: retry,
      INTERNAL_ERROR: failed,
      SUCCESS_WITH_FAILURES: success,
      TIMEDOUT: timedOut,
      CANCELED: cancelled,
      UPSTREAM_CANCELED: cancelled,
      UPSTREAM_FAILED: skipped,
      EXCLUDED: skipped,
      MAXIMUM_CONCURRENT_RUNS_REACHED: skipped,
      DISABLED: skipped,
      MAX_CONCURRENT_RUNS_EXCEEDED: skipped,
      MAX_JOB_QUEUE_SIZE_EXCEEDED: skipped,
      MAX_SPARK_CONTEXTS_EXCEEDED: failed,
      WORKSPACE_RUN_LIMIT_EXCEEDED: failed,
      CLUSTER_REQUEST_LIMIT_EXCEEDED: failed,
      INVALID_CLUSTER_REQUEST: failed,
      INVALID_RUN_CONFIGURATION: failed,
      FEATURE_DISABLED: failed,
      RESOURCE_NOT_FOUND: failed,
    },
  },
  {
    tool: 'Step Functions',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html',
    words: {
      SUCCEEDED: success,
      TIMED_OUT: timedOut,
      ABORTED: cancelled,
      PENDING_REDRIVE: alive,
      ExecutionStarted: { ...start, about: 'RUN' },
      ExecutionSucceeded: { ...success, about: 'RUN' },
      ExecutionFailed: { ...failed, about: 'RUN' },
      ExecutionTimedOut: { ...timedOut, about: 'RUN' },
      ExecutionAborted: { ...cancelled, about: 'RUN' },
      ExecutionRedriven: { ...start, about: 'RUN' },
      ...Object.fromEntries(
        ['Task', 'Pass', 'Choice', 'Wait', 'Map', 'Parallel', 'Succeed'].flatMap((state) => [
          [`${state}StateEntered`, { ...start, about: 'STEP' } as const],
          [`${state}StateExited`, { ...success, about: 'STEP' } as const],
        ]),
      ),
    },
  },
  {
    tool: 'Glue',
    source: 'https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html',
    words: { STOPPED: cancelled, STOPPING: alive, TIMEOUT: timedOut, WAITING: queued, EXPIRED: timedOut },
  },
  {
    tool: 'EMR',
    source: 'https://docs.aws.amazon.com/emr/latest/APIReference/API_StepStatus.html',
    words: { COMPLETED: success, CANCEL_PENDING: alive, INTERRUPTED: cancelled },
  },
  {
    tool: 'Batch',
    source: 'https://docs.aws.amazon.com/batch/latest/userguide/job_states.html',
    words: { SUBMITTED: queued, RUNNABLE: queued },
  },
  {
    tool: 'Argo Workflows',
    source: 'https://argo-workflows.readthedocs.io/en/latest/fields/#workflowstatus',
    words: { Pending: queued, Running: alive, Succeeded: success, Failed: failed, Error: failed, Omitted: skipped },
  },
  {
    tool: 'Luigi',
    source: 'https://github.com/spotify/luigi/blob/master/luigi/task_status.py',
    words: { DONE: success, BATCH_RUNNING: alive },
  },
  {
    tool: 'Spark on YARN',
    source: 'https://hadoop.apache.org/docs/stable/hadoop-yarn/hadoop-yarn-site/ResourceManagerRest.html',
    words: { NEW: queued, NEW_SAVING: queued, ACCEPTED: queued, FINISHED: success, KILLED: cancelled },
  },
  {
    tool: 'Kubernetes',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/',
    words: {
      OOMKilled: failed,
      Evicted: failed,
      CrashLoopBackOff: failed,
      DeadlineExceeded: timedOut,
      ContainerCannotRun: failed,
      ImagePullBackOff: failed,
      ErrImagePull: failed,
      BackoffLimitExceeded: failed,
      NodeLost: failed,
      Preempted: cancelled,
    },
  },
  {
    tool: 'GitHub Actions',
    source: 'https://docs.github.com/en/rest/checks/runs',
    words: { in_progress: alive, failure: failed, neutral: success, action_required: failed, stale: cancelled },
  },
  {
    tool: 'Jenkins',
    source: 'https://javadoc.jenkins.io/hudson/model/Result.html',
    words: { SUCCESS: success, UNSTABLE: failed, FAILURE: failed, NOT_BUILT: skipped, ABORTED: cancelled },
  },
  {
    tool: 'Dataflow',
    source: 'https://cloud.google.com/dataflow/docs/reference/rest/v1b3/projects.jobs#jobstate',
    words: {
      JOB_STATE_DONE: { ...success, about: 'RUN' },
      JOB_STATE_DRAINED: { ...success, about: 'RUN' },
      JOB_STATE_DRAINING: { ...alive, about: 'RUN' },
      JOB_STATE_STOPPED: { ...queued, about: 'RUN' },
      JOB_STATE_RESOURCE_CLEANING_UP: { ...alive, about: 'RUN' },
    },
  },
  {
    tool: 'Slurm',
    source: 'https://slurm.schedmd.com/job_state_codes.html',
    words: {
      BOOT_FAIL: failed,
      NODE_FAIL: failed,
      OUT_OF_MEMORY: failed,
      DEADLINE: timedOut,
      PREEMPTED: cancelled,
      CONFIGURING: queued,
      COMPLETING: alive,
    },
  },
];
