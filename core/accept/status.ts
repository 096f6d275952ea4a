import { isFailureCode } from '../schema/error-code.ts';
import type { EventType, Status } from '../schema/event.ts';
import { type Draft, flag, flagChange, keepAliased, keepExtra } from './draft.ts';
import { isObject, type Reader } from './reader.ts';

/** Reads a status in any spelling; a value that is no known status goes to `extra`. */
export const readStatus: Reader = (value, draft) => {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const status = typeof value === 'string' ? statusOf(value) : undefined;
  if (status === undefined) {
    flagChange(draft, 'status_unknown');
    keepExtra(draft, 'status', value);
    if (typeof value === 'string') keepAliased(draft, 'unknown_status', value);
  } else if (String(value).trim().toUpperCase() === 'STARTED') keepAliased(draft, 'started', true);
  return status;
};

/**
 * Gives a START or an END the status that it lacks or contradicts. A START is RUNNING or QUEUED. An END without a status
 * is FAILED if it has the code of a failure, else SUCCESS. An unknown status is never a success.
 */
export function applyStatus(draft: Draft): void {
  const { fields } = draft;
  const type = fields.event_type as EventType;
  const status = fields.status as Status | undefined;
  if (type === 'RUN_START' || type === 'STEP_START') {
    if (status === 'RUNNING' || status === 'QUEUED') return;
    if (status !== undefined) flagChange(draft, 'status_contradicts_event_type');
    fields.status = 'RUNNING';
  } else if (type === 'RUN_END' || type === 'STEP_END') {
    if (status !== undefined && status !== 'RUNNING' && status !== 'QUEUED') return;
    if (status !== undefined) flagChange(draft, 'status_contradicts_event_type');
    flag(draft, 'status_assumed');
    const code = isObject(fields.error) ? fields.error.error_code : undefined;
    const failed = typeof code === 'string' && isFailureCode(code);
    fields.status = failed || draft.aliased?.unknown_status !== undefined ? 'FAILED' : 'SUCCESS';
  }
}

const STATUSES_BY_WORD: Readonly<Record<string, Status>> = {
  FAILED: 'FAILED',
  FAILURE: 'FAILED',
  FAIL: 'FAILED',
  ERROR: 'FAILED',
  TIMED_OUT: 'TIMED_OUT',
  TIMEDOUT: 'TIMED_OUT',
  TIMEOUT: 'TIMED_OUT',
  CANCELLED: 'CANCELLED',
  CANCELED: 'CANCELLED',
  ABORTED: 'CANCELLED',
  STOPPED: 'CANCELLED',
  SUCCESS: 'SUCCESS',
  SUCCEEDED: 'SUCCESS',
  COMPLETED: 'SUCCESS',
  COMPLETE: 'SUCCESS',
  FINISHED: 'SUCCESS',
  OK: 'SUCCESS',
  SKIPPED: 'SKIPPED',
  RETRY: 'RETRY',
  RETRYING: 'RETRY',
  UP_FOR_RETRY: 'RETRY',
  RUNNING: 'RUNNING',
  STARTED: 'RUNNING',
  IN_PROGRESS: 'RUNNING',
  QUEUED: 'QUEUED',
  PENDING: 'QUEUED',
};

const statusOf = (word: string): Status | undefined => {
  const upper = word.trim().toUpperCase();
  return Object.hasOwn(STATUSES_BY_WORD, upper) ? STATUSES_BY_WORD[upper] : undefined;
};
