import { countIn, type Found } from './found.ts';
import type { Surroundings } from './surroundings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What started the job: Airflow (MWAA too), Dagster, Prefect, GitHub Actions. By the variables that each sets. */
export function ofOrchestrator(surroundings: Surroundings): Found {
  const env = surroundings.env();
  return ofAirflow(env) ?? ofDagster(env) ?? ofPrefect(env) ?? ofGithub(env) ?? {};
}

const MODES = ['scheduled', 'manual', 'backfill'];

function ofAirflow(env: Env): Found | undefined {
  if (!env.AIRFLOW_CTX_DAG_ID) return undefined;
  const run_id = env.AIRFLOW_CTX_DAG_RUN_ID ?? '';
  const isMwaa = 'AIRFLOW_ENV_NAME' in env || Object.keys(env).some((name) => name.startsWith('MWAA_'));
  return {
    job_id: env.AIRFLOW_CTX_DAG_ID,
    task_id: env.AIRFLOW_CTX_TASK_ID,
    run_attempt: countIn(env.AIRFLOW_CTX_TRY_NUMBER) || undefined,
    scheduled_for: airflowSlot(env, run_id),
    run_mode: MODES.find((mode) => run_id.split('__')[0] === mode),
    tags: {
      platform: isMwaa ? 'mwaa' : 'airflow',
      dag_run_id: run_id || undefined,
      dag_owner: env.AIRFLOW_CTX_DAG_OWNER,
    },
  };
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * When the run was due, as the Airflow plugin tells it. Airflow 3 puts `run_after` into the run's id; Airflow 2, which alone
 * sets the execution date, the start of the data interval, and nothing a task can see says when that ends.
 */
function airflowSlot(env: Env, run_id: string): string | undefined {
  const [kind = '', moment = ''] = run_id.split('__');
  if (!['scheduled', 'backfill'].includes(kind) || 'AIRFLOW_CTX_EXECUTION_DATE' in env) return undefined;
  return MOMENT.test(moment) ? moment : undefined;
}

function ofDagster(env: Env): Found | undefined {
  const { DAGSTER_RUN_ID: task_id, DAGSTER_RUN_JOB_NAME: job_id } = env;
  return task_id || job_id ? { job_id, task_id, tags: { platform: 'dagster' } } : undefined;
}

function ofPrefect(env: Env): Found | undefined {
  const task_id = env.PREFECT__FLOW_RUN_ID || env.PREFECT_FLOW_RUN_ID;
  return task_id ? { task_id, tags: { platform: 'prefect' } } : undefined;
}

function ofGithub(env: Env): Found | undefined {
  if (env.GITHUB_ACTIONS !== 'true') return undefined;
  const run = env.GITHUB_RUN_ID;
  return {
    job_id: env.GITHUB_WORKFLOW,
    task_id: run,
    run_attempt: countIn(env.GITHUB_RUN_ATTEMPT) || undefined,
    user: env.GITHUB_ACTOR,
    run_mode: env.GITHUB_EVENT_NAME === 'schedule' ? 'scheduled' : undefined,
    tags: {
      platform: 'github-actions',
      job_url: `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${run}`,
    },
  };
}
