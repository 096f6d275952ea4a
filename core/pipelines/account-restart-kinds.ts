/** The restart targets that a ledger in an account starts: all but the commands of a laptop. A file of its own, without the schema. */
export const ACCOUNT_RESTART_KINDS = [
  'http',
  'glue',
  'step_functions',
  'emr_serverless',
  'batch',
  'ecs',
  'lambda',
  'databricks',
  'event',
] as const;
