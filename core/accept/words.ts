import type { Status } from '../schema/event.ts';

/** What a tool's word for a state or an event says: that work began, goes on, or ended, and how. */
export interface Meaning {
  readonly says: 'start' | 'alive' | 'end';
  /** What a start or an end says of the run or step; absent on an end: it does not say how it ended. */
  readonly status?: Status;
  /** Set when the word names what it is about: `TASK_FAILED` is about a step, `DAG_FAILED` about the run. */
  readonly about?: 'RUN' | 'STEP';
}

const start: Meaning = { says: 'start', status: 'RUNNING' };
const queued: Meaning = { says: 'start', status: 'QUEUED' };
const alive: Meaning = { says: 'alive' };
const end: Meaning = { says: 'end' };
const success: Meaning = { says: 'end', status: 'SUCCESS' };
const failed: Meaning = { says: 'end', status: 'FAILED' };
const timedOut: Meaning = { says: 'end', status: 'TIMED_OUT' };
const cancelled: Meaning = { says: 'end', status: 'CANCELLED' };
const skipped: Meaning = { says: 'end', status: 'SKIPPED' };
const retry: Meaning = { says: 'end', status: 'RETRY' };

/**
 * What a word says, or undefined when no tool and no stem explains it. The word is looked up whole first, then without
 * what it is about (`TASK_FAILED`), then by its stems, of which the worst counts: `completedWithErrors` is a failure.
 */
export function meaningOf(word: string): Meaning | undefined {
  const written = AS_WRITTEN.get(word);
  if (written !== undefined) return written;
  const name = nameOf(word);
  const known = WORDS.get(squashed(name));
  if (known !== undefined) return known;
  const tokens = name.split('_');
  const subjects = tokens.flatMap((token) => SUBJECTS.get(token) ?? []);
  const about = subjects.includes('STEP') ? 'STEP' : subjects[0];
  const others = tokens.filter((token) => !SUBJECTS.has(token));
  const meaning = WORDS.get(others.join('')) ?? byStems(others);
  return meaning && about !== undefined ? { ...meaning, about } : meaning;
}

/** `completedWithErrors`, `Timed Out` and `no-op` as `COMPLETED_WITH_ERRORS`, `TIMED_OUT` and `NO_OP`. */
const nameOf = (word: string): string =>
  word
    .slice(0, MAX_WORD_LENGTH)
    .trim()
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '')
    .toUpperCase();

/** `TimedOut` and `TIMEDOUT` are one word. */
const squashed = (name: string): string => name.replaceAll('_', '');

/** Longer texts are no words. */
const MAX_WORD_LENGTH = 100;

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
    words: { OOMKilled: failed, Evicted: failed, CrashLoopBackOff: failed, DeadlineExceeded: timedOut },
  },
  {
    tool: 'GitHub Actions',
    source: 'https://docs.github.com/en/rest/checks/runs',
    words: { in_progress: alive, failure: failed, neutral: success, action_required: failed, stale: cancelled },
  },
];

const WORDS: ReadonlyMap<string, Meaning> = new Map(
  VOCABULARIES.flatMap(({ words }) =>
    Object.entries(words).map(([word, meaning]) => [squashed(nameOf(word)), meaning]),
  ),
);

/** The words exactly as their tools write them: what nearly always comes, and the quickest to look up. */
const AS_WRITTEN: ReadonlyMap<string, Meaning> = new Map(VOCABULARIES.flatMap(({ words }) => Object.entries(words)));

/** Parts of a word that name what the rest is about. */
const SUBJECTS: ReadonlyMap<string, 'RUN' | 'STEP'> = new Map([
  ...['RUN', 'JOB', 'PIPELINE', 'DAG', 'FLOW', 'WORKFLOW', 'EXECUTION', 'APPLICATION', 'BUILD'].map(
    (name) => [name, 'RUN'] as const,
  ),
  ...['STEP', 'TASK', 'STAGE', 'NODE', 'OP', 'ACTIVITY'].map((name) => [name, 'STEP'] as const),
]);

/** Stems, the worst first. */
const STEMS: readonly (readonly [RegExp, Meaning])[] = [
  [/^(UN|IN|NON)(SUCCE|COMPLET|FINISH)/, failed],
  [/^(FAIL|ERR|CRASH|EXCEPTION|FATAL|BROKE|PANIC|OOM)/, failed],
  [/^(TIMEOUT|TIMEDOUT|TIMED|EXPIR|DEADLINE)/, timedOut],
  [/^(CANCEL|ABORT|KILL|STOP|TERMINAT|INTERRUPT|REVOK|HALT)/, cancelled],
  [/^(SUCCE|COMPLET|FINISH|DONE$|PASS|OK$)/, success],
  [/^(SKIP|OMIT|EXCLUD)/, skipped],
  [/^(RETR|RESTART)/, retry],
  [/^END(ED|S)?$/, end],
  [/^(START|BEGIN|BEGAN|BEGUN|LAUNCH)/, start],
  [/^(QUEUE|ENQUEUE|PEND|SCHEDUL|SUBMIT|WAIT)/, queued],
  [/^(RUNNING|PROGRESS|ACTIVE|ALIVE)/, alive],
];

const NEGATIONS: ReadonlySet<string> = new Set(['NOT', 'NEVER', 'NO', 'WITHOUT', 'NON']);

function byStems(tokens: readonly string[]): Meaning | undefined {
  const found = tokens.flatMap((token, index) => {
    const stem = STEMS.findIndex(([pattern]) => pattern.test(token));
    return stem === -1 ? [] : [{ stem, meaning: meaningIn(token, stem, NEGATIONS.has(tokens[index - 1] ?? '')) }];
  });
  return found.sort((a, b) => a.stem - b.stem).find(({ meaning }) => meaning !== undefined)?.meaning;
}

/** `CANCELLING` has not ended; `NOT_COMPLETED` failed, `NOT_STARTED` has yet to start, `WITHOUT_ERRORS` says nothing. */
function meaningIn(token: string, stem: number, isNegated: boolean): Meaning | undefined {
  const meaning = STEMS[stem]?.[1];
  if (meaning === undefined) return undefined;
  if (isNegated) {
    if (meaning.says !== 'end') return queued;
    return meaning.status === 'SUCCESS' || meaning.status === undefined ? failed : undefined;
  }
  return meaning.says === 'end' && meaning !== retry && token.endsWith('ING') ? alive : meaning;
}
