import { isFailureCode } from '../schema/error-code.ts';
import { EVENT_TYPES, type EventType, STATUSES, type Status } from '../schema/event.ts';
import { type Draft, flag, flagChange, keepExtra } from './draft.ts';
import { isObject, type Reader } from './reader.ts';
import { type Meaning, meaningOf } from './words.ts';

/**
 * Settles what a line says happened: its event type, and the status that a START or an END tells. Undefined when the
 * line says nothing that anybody could act on; a word that is not known is never taken for something harmless.
 */
export function settleOutcome(draft: Draft): EventType | undefined {
  const { fields, hints } = draft;
  const told = fields.event_type as EventType | undefined;
  const type = told ?? eventTypeOf(draft);
  if (type === undefined) return undefined;
  if (told === undefined) flag(draft, 'event_type_assumed');
  fields.event_type = type;
  nameSubject(draft, type);
  settleError(draft, type);
  if (type === 'RUN_START' || type === 'STEP_START') settleStart(draft);
  else if (type === 'RUN_END' || type === 'STEP_END') settleEnd(draft);
  else if (hints.status !== undefined) fields.status = statusOf(hints.status);
  return type;
}

const CANONICAL_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);
const CANONICAL_STATUSES: ReadonlySet<string> = new Set(STATUSES);

/** Reads an event type: one of ours, or another tool's word for a start, an end or a sign of life. */
export const readEventType: Reader = (value, draft, name) => {
  if (typeof value === 'string') {
    if (CANONICAL_TYPES.has(value)) return value;
    const upper = value.trim().toUpperCase();
    if (upper === '') return undefined;
    keepExtra(draft, name, value);
    if (CANONICAL_TYPES.has(upper)) return upper;
    draft.hints.event = meaningOf(value);
    if (draft.hints.event !== undefined) return undefined;
  } else keepExtra(draft, name, value);
  flagChange(draft, 'event_type_unknown');
  draft.hints.unknownEventType = textOf(value);
  return undefined;
};

/**
 * Reads a status: one of ours, another tool's word, or whether it succeeded. A number or a list is no status. It only
 * leaves a hint: `settleOutcome` decides.
 */
export const readStatus: Reader = (value, draft, name) => {
  const { hints } = draft;
  if (typeof value === 'string') {
    if (value.trim() === '') return undefined;
    if (!CANONICAL_STATUSES.has(value)) keepExtra(draft, name, value);
    hints.status = meaningOf(value);
    if (hints.status !== undefined) return undefined;
  } else {
    keepExtra(draft, name, value);
    if (typeof value === 'boolean') {
      hints.success ??= value;
      return undefined;
    }
  }
  flagChange(draft, 'status_unknown');
  hints.unknownStatus = textOf(value);
  return undefined;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** What happened, when the line names no event type of ours. */
function eventTypeOf(draft: Draft): EventType | undefined {
  const { fields, hints } = draft;
  const subject = hints.event?.about ?? (fields.step_name === undefined ? hints.status?.about : undefined);
  const about = fields.step_name !== undefined ? 'STEP' : (subject ?? 'RUN');
  if (hints.event !== undefined && hints.event.says !== 'alive') return typeSaid(hints.event, about);
  const isError = /^(ERROR|FATAL|CRITICAL|SEVERE)$/i.test(String(fields.log_level));
  if (hints.status !== undefined)
    return hints.status.says === 'alive' && isError ? 'ERROR' : typeSaid(hints.status, about);
  if (hints.success !== undefined || hints.exitCode !== undefined) return `${about}_END`;
  if (isError || hasError(fields.error)) return fields.end_time === undefined ? 'ERROR' : `${about}_END`;
  if (fields.quality !== undefined) return 'QUALITY';
  if (fields.end_time !== undefined) return `${about}_END`;
  if (hints.unknownEventType !== undefined || hints.unknownStatus !== undefined) return undefined;
  if (hints.event !== undefined) return 'HEARTBEAT';
  return harmlessTypeOf(draft, about);
}

/** A line that names neither an event nor a status, and no error: what it carries says what it is. */
function harmlessTypeOf({ fields, hints }: Draft, about: 'RUN' | 'STEP'): EventType | undefined {
  const counts = fields.records_in !== undefined || fields.records_out !== undefined;
  if (counts && hints.stage !== undefined) return `${about}_END`;
  if (counts || fields.metrics !== undefined) return 'METRIC';
  if (fields.message !== undefined) return 'CHECKPOINT';
  if (fields.input_sources !== undefined || fields.output_targets !== undefined) return 'CHECKPOINT';
  return fields.start_time === undefined ? undefined : `${about}_START`;
}

const typeSaid = ({ says }: Meaning, about: 'RUN' | 'STEP'): EventType =>
  says === 'start' ? `${about}_START` : says === 'end' ? `${about}_END` : 'HEARTBEAT';

const statusOf = ({ says, status }: Meaning): Status | undefined => (says === 'alive' ? 'RUNNING' : status);

/** A STEP_* event needs a step: otherwise what it says would reach nothing. */
function nameSubject(draft: Draft, type: EventType): void {
  const { fields } = draft;
  if (type.startsWith('STEP_') && fields.step_name === undefined) {
    fields.step_name = fields.step_index === undefined ? 'unnamed' : `step_${fields.step_index}`;
    flag(draft, 'step_name_assumed');
  }
}

/** What went wrong stands in `message` when a line says ERROR or a failed end and has no error text of its own. */
function settleError(draft: Draft, type: EventType): void {
  const { fields, hints } = draft;
  const isFailedEnd = type.endsWith('_END') && (hints.event?.status === 'FAILED' || hints.status?.status === 'FAILED');
  if (!(type === 'ERROR' || isFailedEnd) || typeof fields.message !== 'string' || fields.message === '') return;
  const error = fields.error as Record<string, unknown> | undefined;
  if (error?.message === undefined) fields.error = { ...error, message: fields.message };
}

/** A message, or a code that is neither success nor information. Empty texts are none. */
export function hasError(error: unknown): boolean {
  if (!isObject(error)) return false;
  const { error_code, message, stack_trace, root_cause } = error;
  if (typeof error_code === 'string' && error_code !== '') return isFailureCode(error_code);
  return [message, stack_trace, root_cause].some((text) => typeof text === 'string' && text.trim() !== '');
}

/** A START says RUNNING or QUEUED, whatever else its status says. */
function settleStart(draft: Draft): void {
  const { fields, hints } = draft;
  const queued = hints.status?.status === 'QUEUED' || (hints.status === undefined && hints.event?.status === 'QUEUED');
  if (hints.status?.says === 'end' || hints.unknownStatus !== undefined) {
    flagChange(draft, 'status_contradicts_event_type');
  }
  fields.status = queued ? 'QUEUED' : 'RUNNING';
}

/**
 * What an END says. Nothing unknown and nothing contradicted is a success: a word that is no end, a number, an error
 * beside SUCCESS, `success: false` or an exit code all mean FAILED. TIMED_OUT, CANCELLED, SKIPPED and RETRY keep their
 * word, because an error beside them only tells why.
 */
function settleEnd(draft: Draft): void {
  const { fields, hints } = draft;
  const said = [hints.event, hints.status].flatMap((meaning) =>
    meaning?.says === 'end' && meaning.status !== undefined ? [meaning.status] : [],
  );
  const isNoEnd = hints.status !== undefined && hints.status.says !== 'end';
  if (isNoEnd) flagChange(draft, 'status_contradicts_event_type');
  const word = STATUSES.find((status) => said.includes(status));
  const isUnknown = isNoEnd || hints.unknownStatus !== undefined;
  const isDenied = hints.success === false || (hints.exitCode !== undefined && hints.exitCode !== 0);
  const isBad = isUnknown || isDenied || hasError(fields.error);
  const isAffirmed = hints.success === true || hints.exitCode === 0;
  if (word === undefined && (isBad || isAffirmed)) flag(draft, 'status_assumed');
  if (word === 'SUCCESS' && isBad) flagChange(draft, 'status_contradicted');
  // An END that says nothing at all keeps no status: what else its run told decides.
  if (isBad && (word === undefined || word === 'SUCCESS')) fields.status = 'FAILED';
  else fields.status = word ?? (isAffirmed ? 'SUCCESS' : undefined);
}
