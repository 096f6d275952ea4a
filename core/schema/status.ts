/** What an event can report. By rank, strongest first: within one run attempt the strongest status wins. */
export const STATUSES = [
  'FAILED',
  'TIMED_OUT',
  'CANCELLED',
  'SUCCESS',
  'SKIPPED',
  'RETRY',
  'RUNNING',
  'QUEUED',
] as const;
export type Status = (typeof STATUSES)[number];

/** What can be shown of a run or a step: the reported statuses, and what the clock and the end of the run add. */
export const SHOWN_STATUSES = [...STATUSES, 'SUSPECT', 'LOST', 'ABANDONED'] as const;
export type ShownStatus = (typeof SHOWN_STATUSES)[number];

/** The reported statuses of what has ended. RETRY is none: it will be tried again. */
export const ENDED_STATUSES = [
  'FAILED',
  'TIMED_OUT',
  'CANCELLED',
  'SUCCESS',
  'SKIPPED',
] as const satisfies readonly Status[];

/** The ended statuses after which nothing is left to do. */
export const ENDED_WELL_STATUSES = ['SUCCESS', 'SKIPPED'] as const satisfies readonly Status[];

/** The shown statuses that count as a failure. */
export const FAILED_STATUSES = ['FAILED', 'TIMED_OUT', 'LOST'] as const satisfies readonly ShownStatus[];

/** The shown statuses of a run that goes on, as far as is known. */
export const OPEN_STATUSES = ['RUNNING', 'QUEUED', 'RETRY', 'SUSPECT'] as const satisfies readonly ShownStatus[];
