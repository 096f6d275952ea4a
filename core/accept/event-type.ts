import type { EventType, Status } from '../schema/event.ts';
import { type Draft, flag, flagChange, keepAliased, keepExtra } from './draft.ts';
import type { Reader } from './reader.ts';

/** Reads an event type in any spelling; a value that is no known type goes to `extra`. */
export const readEventType: Reader = (value, draft) => {
  const upper = typeof value === 'string' ? value.trim().toUpperCase() : '';
  if (Object.hasOwn(EVENT_TYPES_BY_WORD, upper)) return EVENT_TYPES_BY_WORD[upper];
  if (upper === 'STARTED' || upper === 'START') keepAliased(draft, 'started', true);
  else if (upper !== '' || typeof value !== 'string') {
    flagChange(draft, 'event_type_unknown');
    keepExtra(draft, 'event_type', value);
    keepAliased(draft, 'unknown_event_type', String(value));
  }
  return undefined;
};

/**
 * The event type of a line that names none, or an unknown one: deduced from its status, from what else it reports, and
 * from whether it names a step. Undefined when the line does not say what happened.
 */
export function assumedEventType(draft: Draft): EventType | undefined {
  const assumed = deducedEventType(draft) ?? (draft.aliased?.unknown_event_type === undefined ? undefined : 'METRIC');
  if (assumed !== undefined) flag(draft, 'event_type_assumed');
  return assumed;
}

function deducedEventType(draft: Draft): EventType | undefined {
  const { fields } = draft;
  const subject = fields.step_name === undefined ? 'RUN' : 'STEP';
  const status = fields.status as Status | undefined;
  if (draft.aliased?.started === true || status === 'QUEUED') return `${subject}_START`;
  if (status === 'RUNNING') return 'HEARTBEAT';
  if (status !== undefined) return `${subject}_END`;
  if (fields.error !== undefined || /^(ERROR|FATAL|CRITICAL)$/i.test(String(fields.log_level))) return 'ERROR';
  if (fields.quality !== undefined) return 'QUALITY';
  if (fields.end_time !== undefined) return `${subject}_END`;
  if (fields.metrics !== undefined || fields.records_in !== undefined || fields.records_out !== undefined)
    return 'METRIC';
  if (fields.message !== undefined) return 'CHECKPOINT';
  return fields.start_time === undefined ? undefined : `${subject}_START`;
}

const EVENT_TYPES_BY_WORD: Readonly<Record<string, EventType>> = {
  RUN_START: 'RUN_START',
  RUN_STARTED: 'RUN_START',
  RUN_END: 'RUN_END',
  RUN_ENDED: 'RUN_END',
  STEP_START: 'STEP_START',
  STEP_STARTED: 'STEP_START',
  STEP_END: 'STEP_END',
  STEP_ENDED: 'STEP_END',
  ERROR: 'ERROR',
  HEARTBEAT: 'HEARTBEAT',
  METRIC: 'METRIC',
  CHECKPOINT: 'CHECKPOINT',
  QUALITY: 'QUALITY',
};
