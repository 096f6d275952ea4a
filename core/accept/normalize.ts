import { dateOf, epochMsOf, type Instant } from '../instant.ts';
import { MAX_LEASE_MS } from '../run/lease.ts';
import type { ColumnType } from '../schema/column-type.ts';
import type { Event } from '../schema/event.ts';
import { eventColumns } from '../schema/event-columns.ts';
import { ALIASES, applyAliases, applyEndTime, FIELD_READERS, LINE_TIMES, readPlainError } from './aliases.ts';
import { type Draft, draftOf, flag, flagChange, keepExtra } from './draft.ts';
import { readEventType, readStatus, settleOutcome } from './outcome.ts';
import { isObject, maskedValue, type Reader, readCount, readDuration, readerOf, readName, readUser } from './reader.ts';
import type { RejectionReason } from './rejection.ts';
import type { AcceptSettings } from './settings.ts';

export type Normalized = { readonly event: Event; readonly changed: boolean } | { readonly reason: RejectionReason };

/** In characters. Names are keys in every store; a longer one becomes its head and a hash of the whole. */
const MAX_NAME_LENGTH = 256;
const NAMES = ['process_name', 'run_id', 'parent_run_id', 'root_run_id', 'step_name', 'environment', 'owner'] as const;
/** They name something within a run, and stand in every stamp of it. */
const BOUNDED = [...NAMES, 'event_id', 'job_id', 'task_id', 'reporter'] as const;
const STAMPS = new Set(['event_key', 'event_date', 'event_time', 'received_at', 'lease_ms', 'flags', 'original']);
const HEARTBEAT_MISSES = 3;

/**
 * Turns one parsed line into the canonical event, or returns the reason why it cannot be one. Tolerant of fields: what
 * the schema does not know goes to `extra`, what accept assumes is flagged. Strict on identity.
 */
export function normalize(
  line: Readonly<Record<string, unknown>>,
  eventKey: string,
  receivedAt: string,
  settings: AcceptSettings,
): Normalized {
  const fields: Record<string, unknown> = { ...UNKNOWN };
  fields.event_key = eventKey;
  fields.received_at = receivedAt;
  const draft = draftOf(fields, settings);
  readFields(line, draft);
  applyAliases(draft);
  const missing = (['process_name', 'run_id'] as const).filter((name) => fields[name] === undefined);
  if (missing.length > 0) return { reason: { kind: 'missing_identity', missing } };
  if (settleOutcome(draft) === undefined) {
    const { unknownEventType = null, unknownStatus = null } = draft.hints;
    return { reason: { kind: 'says_nothing', event_type: unknownEventType, status: unknownStatus } };
  }
  applySla(draft);
  applyEndTime(draft);
  stamp(draft);
  if (draft.extra) fields.extra = extraText(draft, draft.extra);
  if (draft.flags) fields.flags = draft.flags;
  return { event: fields as unknown as Event, changed: draft.changed };
}

/**
 * An event without values, its fields in the order of the columns: in the written line the stamps come first, at fixed
 * offsets. It is also faster: an object that gets its fields one by one takes half as long again to write as JSON.
 */
const UNKNOWN: Readonly<Record<string, undefined>> = Object.fromEntries(
  Object.keys(eventColumns).map((name) => [name, undefined]),
);

/** An error is a row, or a plain text. */
const readError =
  (readRow: Reader): Reader =>
  (value, draft, name) =>
    isObject(value) ? readRow(value, draft, name) : readPlainError(value, draft);

const CANONICAL: ReadonlyMap<string, Reader> = new Map(
  Object.entries(eventColumns)
    .filter(([name]) => !STAMPS.has(name))
    .map(([name, column]) => [name, readerOfField(name, column.type)]),
);

function readerOfField(name: string, type: ColumnType): Reader {
  if (name === 'event_type') return readEventType;
  if (name === 'status') return readStatus;
  if (name === 'error') return readError(readerOf(type));
  if (name === 'extra') return readExtra;
  if (name === 'user') return readUser;
  if (name === 'duration_ms') return readDuration;
  if (name === 'map_index') return readMapIndex;
  return (NAMES as readonly string[]).includes(name) ? readName : readerOf(type);
}

/** Airflow writes -1 for a task that is not mapped (its `TaskInstance.map_index`). */
function readMapIndex(...[value, draft, name]: Parameters<Reader>): unknown {
  return Number(value) === -1 ? undefined : readCount(2_147_483_647)(value, draft, name);
}

function readFields(line: Readonly<Record<string, unknown>>, draft: Draft): void {
  let others: string[] | undefined;
  for (const key of Object.keys(line)) {
    const value = line[key];
    if (value === null || value === undefined) continue;
    const reader = CANONICAL.get(key);
    if (reader === undefined) {
      others ??= [];
      others.push(key);
    } else draft.fields[key] = reader(value, draft, key);
  }
  if (others) for (const key of inOrder(others)) readOther(key, line[key], draft, line);
}

/** Aliases of one field stand in the order of `ALIASES`, so that the order of keys decides nothing. */
function inOrder(keys: string[]): readonly string[] {
  return keys.length < 2 ? keys : keys.sort((a, b) => rankOf(a) - rankOf(b));
}

const RANKS: ReadonlyMap<string, number> = new Map(Object.keys(ALIASES).map((name, rank) => [name, rank]));
const rankOf = (key: string): number => RANKS.get(key.toLowerCase()) ?? RANKS.size;

/** Keys that are no canonical name: another case of one, another tool's name for one, a stamp's name, or unknown. */
function readOther(key: string, value: unknown, draft: Draft, line: Readonly<Record<string, unknown>>): void {
  const lower = key.toLowerCase();
  const read = Object.hasOwn(FIELD_READERS, lower) ? FIELD_READERS[lower] : undefined;
  const name = Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] as string) : lower;
  const reader = CANONICAL.get(name);
  if (lower !== key && Object.hasOwn(line, lower)) keepExtra(draft, key, value);
  else if (read) read(value, draft, lower);
  else if (STAMPS.has(lower) && isAccepted(line)) draft.changed ||= lower === 'original';
  else if (!reader || draft.fields[name] !== undefined || STAMPS.has(lower)) keepExtra(draft, key, value);
  else draft.fields[name] = reader(value, draft, name);
}

/** Whether the ledger wrote this line itself: its stamps are made anew then. To anybody else they are plain fields. */
const isAccepted = ({ event_key, event_date, received_at }: Readonly<Record<string, unknown>>): boolean =>
  typeof event_key === 'string' &&
  /^[0-9a-f]{32}$/.test(event_key) &&
  typeof event_date === 'string' &&
  typeof received_at === 'string';

/** `extra` of an event that was accepted before: its fields are unknown fields again. */
function readExtra(value: unknown, draft: Draft): undefined {
  let content = value;
  if (typeof value === 'string') {
    try {
      content = JSON.parse(value);
    } catch {
      content = value;
    }
  }
  if (isObject(content)) for (const key of Object.keys(content)) keepExtra(draft, key, content[key]);
  else keepExtra(draft, 'extra', content);
  return undefined;
}

function applySla(draft: Draft): void {
  const { fields } = draft;
  const sla = fields.sla as { expected_max_duration_ms?: number } | undefined;
  if (sla?.expected_max_duration_ms !== undefined) return;
  const minutes = Number((fields.tags as Record<string, unknown> | undefined)?.sla_minutes);
  if (!(minutes > 0 && minutes < 1e9)) return;
  fields.sla = { ...sla, expected_max_duration_ms: Math.round(minutes * 60_000) };
  flag(draft, 'sla_from_tags');
}

function stamp(draft: Draft): void {
  const { fields, settings } = draft;
  const tags = fields.tags as Record<string, string> | undefined;
  fields.environment ??= tags?.env?.trim() || tags?.environment?.trim() || settings.environment;
  for (const name of BOUNDED) {
    const text = fields[name];
    if (typeof text !== 'string' || text.length <= MAX_NAME_LENGTH) continue;
    fields[name] = `${text.slice(0, MAX_NAME_LENGTH - 34).toWellFormed()}~${settings.hash(text)}`;
    flagChange(draft, `name_cut:${name}`);
  }
  fields.event_id ??= fields.event_key;
  fields.run_attempt ??= (fields.step_name === undefined ? fields.attempt : undefined) ?? 1;
  const isEnd = fields.event_type === 'RUN_END' || fields.event_type === 'STEP_END';
  const time = (lineTimeOf(draft) ??
    fields.updated_at ??
    fields.created_at ??
    (isEnd ? fields.end_time : undefined) ??
    fields.start_time) as string | undefined;
  if (time === undefined) flag(draft, 'event_time_assumed');
  fields.event_time = time ?? fields.received_at;
  fields.event_date = dateOf(fields.event_time as string);
  if (isAhead(fields.event_time as string, fields.received_at as string)) flag(draft, 'time_in_future');
  if (time === undefined && isSignOfLife(fields.event_type)) identifyByArrival(draft);
  const leaseMs = leaseOf(draft);
  if (leaseMs !== undefined) fields.lease_ms = leaseMs;
}

const isSignOfLife = (eventType: unknown): boolean => eventType === 'HEARTBEAT' || eventType === 'METRIC';

/** The same heartbeat is sent again and again: without a time of its own, only its arrival tells one from the next. */
function identifyByArrival({ fields, settings }: Draft): void {
  const key = settings.hash(`${fields.event_key} ${fields.received_at}`);
  if (fields.event_id === fields.event_key) fields.event_id = key;
  fields.event_key = key;
}

/** The line's own time: the first present of `LINE_TIMES`. The others are kept. */
function lineTimeOf(draft: Draft): Instant | undefined {
  const { times } = draft.hints;
  if (times === undefined) return undefined;
  const [first, ...others] = LINE_TIMES.filter((name) => times[name] !== undefined);
  for (const name of others) keepExtra(draft, name, times[name]);
  return first && times[first];
}

/** A clock further ahead than this is wrong. */
const MAX_AHEAD_MS = 86_400_000;
const isAhead = (event: Instant, received: Instant): boolean =>
  event > received && epochMsOf(event) - epochMsOf(received) > MAX_AHEAD_MS;

/** How long silence after this event is normal, where its producer promises heartbeats. */
function leaseOf({ fields }: Draft): number | undefined {
  const heartbeatMs = fields.heartbeat_interval_ms as number | undefined;
  return heartbeatMs !== undefined && heartbeatMs > 0
    ? Math.min(heartbeatMs * HEARTBEAT_MISSES, MAX_LEASE_MS)
    : undefined;
}

function extraText(draft: Draft, extra: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(maskedValue(extra, draft));
}
