/** Ids that loggers write when they know none. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  'not-set',
  'not_set',
  'none',
  'null',
  'nil',
  'undefined',
  'nan',
  'n/a',
  'na',
  '-',
  'unknown',
]);

export const isPlaceholder = (id: string): boolean => id.length < 16 && PLACEHOLDERS.has(id.trim().toLowerCase());

/** What a stage is called that is no stage, but the run itself. */
const RUN_NAMES: ReadonlySet<string> = new Set(['job', 'run', 'pipeline', 'pipeline_execution']);

export const isRunName = (stage: string): boolean => RUN_NAMES.has(stage.trim().toLowerCase());

/** `jobRunId`, `job-run-id` and `job.run.id` as `job_run_id`. */
export const snakeCase = (key: string): string =>
  key
    .slice(0, MAX_KEY_LENGTH)
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[\s.-]+/g, '_')
    .toLowerCase();

/** Longer keys are nobody's field. */
const MAX_KEY_LENGTH = 64;
