import type { RestartKind } from '../core/recovery/policy.ts';

export type AwsRestartKind = Exclude<RestartKind, 'command'>;

/** What an account starts runs on: everything but the commands of a laptop. */
export const AWS_RESTART_KINDS: readonly AwsRestartKind[] = [
  'http',
  'glue',
  'step_functions',
  'emr_serverless',
  'batch',
  'ecs',
  'lambda',
  'databricks',
  'event',
];
