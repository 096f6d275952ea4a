import { isFailureCode } from '../schema/error-code.ts';
import { EVENT_TYPES, type EventType, STATUSES, type Status } from '../schema/event.ts';
import { type Draft, flag, flagChange, type Hints, keepExtra } from './draft.ts';
import { maskedText } from './error-text.ts';
import { isObject, maskedValue } from './masked-value.ts';
import { isRunName } from './names.ts';
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
  if (hints.statusText !== undefined && hints.statusText !== fields.status)
    keepExtra(draft, 'status', hints.statusText);
  return type;
}

const CANONICAL_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);
const CANONICAL_STATUSES: ReadonlySet<string> = new Set(STATUSES);

/** Reads an event type: one of ours, or another tool's word for a start, an end or a sign of life. */
export function readEventType(value: unknown, draft: Draft, _name: string, key: string): void {
  const { fields, hints } = draft;
  const upper = typeof value === 'string' ? value.trim().toUpperCase() : '';
  if (upper !== value || !CANONICAL_TYPES.has(upper)) keepExtra(draft, key, value);
  if (CANONICAL_TYPES.has(upper)) fields.event_type = upper;
  else if (!isBlank(value)) {
    // A level of logging says nothing of the run, though dbt's `warn` is a status.
    if (LEVELS.has(upper)) fields.log_level ??= upper;
    else hints.event = typeof value === 'string' ? meaningOf(value) : undefined;
    if (hints.event !== undefined || LEVELS.has(upper)) return;
    flagChange(draft, 'event_type_unknown');
    hints.unknownEventType = textOf(value, draft);
  }
}

const LEVELS: ReadonlySet<string> = new Set(['TRACE', 'DEBUG', 'INFO', 'WARN', 'WARNING']);

/** `event` is an event type where it is a word that is known. Some log libraries write their message there. */
export function readEventWord(value: unknown, draft: Draft, name: string, key: string): void {
  const { fields, hints } = draft;
  const isText = typeof value === 'string' && value.trim() !== '';
  const isWord = isText && /^\S+$/.test(value) && (CANONICAL_TYPES.has(value.toUpperCase()) || meaningOf(value));
  const isTold = fields.event_type !== undefined || hints.event !== undefined || hints.unknownEventType !== undefined;
  if (isWord && !isTold) readEventType(value, draft, name, key);
  else if (isText && !isWord && fields.message === undefined) fields.message = maskedText(value, draft);
  else keepExtra(draft, key, value);
}

/**
 * Reads a status: one of ours, another tool's word, or whether it succeeded. A number or a list is no status. It only
 * leaves a hint: `settleOutcome` decides.
 */
export function readStatus(value: unknown, draft: Draft, name: string, key: string): void {
  const { hints } = draft;
  if (key === name && typeof value === 'string' && CANONICAL_STATUSES.has(value)) hints.statusText = value;
  else keepExtra(draft, key, value);
  if (isBlank(value) || addStatus(value, draft)) return;
  flagChange(draft, 'status_unknown');
  hints.unknownStatus = textOf(value, draft);
}

/** Reads a status under another name. What `state` says when it is no known word may be about anything. */
export function readOtherStatus(value: unknown, draft: Draft, name: string, key: string): void {
  const { hints } = draft;
  keepExtra(draft, key, value);
  if (isBlank(value) || addStatus(value, draft) || hints.status !== undefined) return;
  flagChange(draft, 'status_unknown');
  if (name === 'state') hints.isStateUnknown = true;
  else hints.unknownStatus ??= textOf(value, draft);
}

/** Reads what may be a status: a word that is known is one, when nothing else says how the run stands. */
export function readPossibleStatus(value: unknown, draft: Draft, name: string, key: string): void {
  if (name === 'phase' && typeof value === 'string' && isRunName(value)) draft.hints.isRun = true;
  keepExtra(draft, key, value);
  if (typeof value === 'string' && /^\S+$/.test(value)) addStatus(value, draft);
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && /^\s*$/.test(value);

/** False: the value is no word about a run that is known. */
function addStatus(value: unknown, draft: Draft): boolean {
  const { hints } = draft;
  if (typeof value === 'boolean') {
    hints.success = value && hints.success !== false;
    return true;
  }
  const meaning = typeof value === 'string' ? meaningOf(value) : isObject(value) ? meaningOfParts(value) : undefined;
  if (meaning === undefined) return false;
  hints.status = hints.status === undefined ? meaning : joined(hints.status, meaning);
  if (isObject(value)) takeStateMessage(value, draft);
  return true;
}

/** What two fields say together: an end counts more than a start, and of two ends the worse one. */
function joined(one: Meaning, other: Meaning): Meaning {
  if (one.says !== 'end' || other.says !== 'end') return other.says === 'end' ? other : one;
  if (one.status === undefined || other.status === undefined) return one.status === undefined ? other : one;
  return worse(one.status, other.status) === one.status ? one : other;
}

const endOf = (meaning: Meaning | undefined): Status | undefined =>
  meaning?.says === 'end' ? meaning.status : undefined;

function worse(one: Status | undefined, other: Status | undefined): Status | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return STATUSES.indexOf(other) < STATUSES.indexOf(one) ? other : one;
}

/**
 * A status as an object, as Databricks (`{ life_cycle_state, result_state }`, `{ state, termination_details: { code } }`),
 * Prefect (`{ type, name }`) and Argo (`{ phase }`) write it. A result that is not known is a failure.
 */
function meaningOfParts(value: Readonly<Record<string, unknown>>): Meaning | undefined {
  const details = isObject(value.termination_details) ? value.termination_details : {};
  const results = [details.code, value.result_state].filter((part) => typeof part === 'string');
  const parts = [value.life_cycle_state, value.state, value.type, value.phase, value.name];
  const words = [...results, ...parts.filter((part) => typeof part === 'string')];
  const known = words.flatMap((word) => meaningOf(word) ?? []);
  if (results.some((word) => meaningOf(word) === undefined)) known.push({ says: 'end', status: 'FAILED' });
  return known.length === 0 ? undefined : known.reduce(joined);
}

function takeStateMessage({ state_message, message }: Readonly<Record<string, unknown>>, draft: Draft): void {
  const text = state_message ?? message;
  if (typeof text === 'string' && text !== '') draft.fields.message ??= maskedText(text, draft);
}

const textOf = (value: unknown, draft: Draft): string =>
  typeof value === 'string' ? value : JSON.stringify(maskedValue(value, draft));

/** What happened, when the line names no event type of ours. */
function eventTypeOf(draft: Draft): EventType | undefined {
  const { fields, hints } = draft;
  const subject = hints.event?.about ?? (fields.step_name === undefined ? hints.status?.about : undefined);
  const about = fields.step_name !== undefined ? 'STEP' : (subject ?? 'RUN');
  if (hints.event !== undefined && hints.event.says !== 'alive') return typeSaid(hints.event, about);
  const isError = isErrorLevel(fields.log_level);
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

const isErrorLevel = (level: unknown): boolean =>
  typeof level === 'string' && /^(ERROR|FATAL|CRITICAL|SEVERE)$/i.test(level);

/** A STEP_* event needs a step: otherwise what it says would reach nothing. */
function nameSubject(draft: Draft, type: EventType): void {
  const { fields } = draft;
  if (type.startsWith('STEP_') && fields.step_name === undefined) {
    fields.step_name = fields.step_index === undefined ? 'unnamed' : `step_${fields.step_index}`;
    flag(draft, 'step_name_assumed');
  }
}

/** What went wrong stands in `message` when a line is of level ERROR, or a failed end, and has no error text of its own. */
function settleError(draft: Draft, type: EventType): void {
  const { fields, hints } = draft;
  const isFailed = hints.event?.status === 'FAILED' || hints.status?.status === 'FAILED';
  const isBadEnd = type.endsWith('_END') && (isFailed || isDenied(hints) || isErrorLevel(fields.log_level));
  if (!(type === 'ERROR' || isBadEnd) || typeof fields.message !== 'string' || fields.message === '') return;
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
  const isNoEnd = hints.status !== undefined && hints.status.says !== 'end';
  if (isNoEnd) flagChange(draft, 'status_contradicts_event_type');
  const word = worse(endOf(hints.event), endOf(hints.status));
  const isUnknown = isNoEnd || hints.unknownStatus !== undefined || (hints.isStateUnknown && word === undefined);
  const isBad = isUnknown || isDenied(hints) || hasError(fields.error) || isErrorLevel(fields.log_level);
  const isAffirmed = hints.success === true || hints.exitCode === 0;
  if (word === undefined && (isBad || isAffirmed)) flag(draft, 'status_assumed');
  if (word === 'SUCCESS' && isBad) flagChange(draft, 'status_contradicted');
  // An END that says nothing at all keeps no status: what else its run told decides.
  if (isBad && (word === undefined || word === 'SUCCESS')) fields.status = 'FAILED';
  else fields.status = word ?? (isAffirmed ? 'SUCCESS' : undefined);
}

const isDenied = ({ success, exitCode }: Hints): boolean =>
  success === false || (exitCode !== undefined && exitCode !== 0);
