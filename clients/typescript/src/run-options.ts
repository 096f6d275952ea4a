import type { Cluster } from './event.ts';

/** What a run is. Every name is the wire's; all but `process_name` are optional. */
export interface RunOptions {
  /** The pipeline. */
  process_name: string;
  /** Default: a new time-ordered UUID. Give the orchestrator's, if it has one: then both can be found together. */
  run_id?: string | undefined;
  /** Which execution under this `run_id`. Default: 1. */
  run_attempt?: number | undefined;
  /** `extractor`, `transformer`, `loader`, `validator`, … */
  process_type?: string | undefined;
  /** The run that started this one, or that this one replays; and the outermost of those. */
  parent_run_id?: string | undefined;
  root_run_id?: string | undefined;
  /** The orchestrator's or platform's job and task. */
  job_id?: string | undefined;
  task_id?: string | undefined;
  /** Nominal time of the slot this run fills. */
  scheduled_for?: Date | string | undefined;
  /** The data the run covers. */
  data_interval_start?: Date | string | undefined;
  data_interval_end?: Date | string | undefined;
  /** Default: the tag `env` of the run, else the ledger's. */
  environment?: string | undefined;
  /** Team or person answering for the pipeline. Default: the ledger's. */
  owner?: string | undefined;
  /** `scheduled`, `manual`, `backfill`, … */
  run_mode?: string | undefined;
  /** Who runs it; an e-mail address is sent as `[email]`, so an account's name is better. */
  user?: string | undefined;
  notebook_path?: string | undefined;
  notebook_git_sha?: string | undefined;
  cluster?: Cluster | undefined;
  /** Parameters of the run. Values are sent as text, objects as JSON; those with the name of a secret are masked. */
  params?: Readonly<Record<string, unknown>> | undefined;
  /** The names of the steps that the run means to take. */
  planned_steps?: readonly string[] | undefined;
  /** Free labels, added to the ledger's. */
  tags?: Readonly<Record<string, unknown>> | undefined;
  sla?: { readonly expected_max_duration_ms: number } | undefined;
  /**
   * The promise to send an event at least this often, in milliseconds; the client keeps it by itself. After three silent
   * intervals the run is LOST. 0 promises nothing. Default: 60,000 in `ledger.run`, no promise in `ledger.startRun`.
   */
  heartbeat_interval_ms?: number | undefined;
}
