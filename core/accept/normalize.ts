import { dateOf } from '../instant.ts';
import type { ColumnType } from '../schema/column-type.ts';
import type { Event } from '../schema/event.ts';
import { eventColumns } from '../schema/event-columns.ts';
import {
  ALIASES,
  applyDialect,
  applyEndTime,
  applyStatus,
  assumedEventType,
  DIALECT_READERS,
  readEventType,
  readStatus,
} from './aliases.ts';
import { type AcceptSettings, type Draft, draftOf, flag, flagChange, keepExtra } from './draft.ts';
import { isObject, maskedValue, type Reader, readerOf, readName, readUser } from './reader.ts';
import type { RejectionReason } from './rejection.ts';

export type Normalized = { readonly event: Event; readonly changed: boolean } | { readonly reason: RejectionReason };

/** Names are keys in every store; longer ones keep their head and a hash of the whole. */
const MAX_NAME_LENGTH = 256;
const NAMES = ['process_name', 'run_id', 'parent_run_id', 'root_run_id', 'step_name', 'environment', 'owner'] as const;
const STAMPS = new Set(['event_key', 'event_date', 'event_time', 'received_at', 'lease_ms', 'flags', 'original']);
/** Beyond this no store can be asked to wake up; a promise of more silence than that is none. */
const MAX_LEASE_MS = 24 * 86_400_000;
const HEARTBEAT_MISSES = 3;

/**
 * Turns one parsed line of any dialect into the canonical event, or says why it cannot be one. Tolerant of fields:
 * what the schema does not know is kept in `extra`, what had to be assumed is flagged. Strict on identity.
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
  applyDialect(draft);
  fields.event_type ??= assumeEventType(draft);

  const missing = (['process_name', 'run_id'] as const).filter((name) => fields[name] === undefined);
  if (missing.length > 0) return { reason: { kind: 'missing_identity', missing } };
  if (fields.event_type === undefined) {
    const status = draft.dialect?.unknown_status;
    return { reason: { kind: 'says_nothing', event_type: null, status: status === undefined ? null : String(status) } };
  }
  applyStatus(draft);
  applySla(draft);
  applyEndTime(draft);
  stamp(draft);
  if (draft.extra) fields.extra = extraText(draft, draft.extra);
  if (draft.flags) fields.flags = draft.flags;
  return { event: fields as unknown as Event, changed: draft.changed };
}

/**
 * Every field of an event, unknown, in the order of the columns: the stamps come first in the line that is written, at
 * fixed places. An object that is given its fields one by one takes half as long again to write as JSON.
 */
const UNKNOWN: Readonly<Record<string, undefined>> = Object.fromEntries(
  Object.keys(eventColumns).map((name) => [name, undefined]),
);

const CANONICAL: ReadonlyMap<string, Reader> = new Map(
  Object.entries(eventColumns)
    .filter(([name]) => !STAMPS.has(name))
    .map(([name, column]) => [name, readerOfField(name, column.type)]),
);

function readerOfField(name: string, type: ColumnType): Reader {
  if (name === 'user') return readUser;
  return (NAMES as readonly string[]).includes(name) ? readName : readerOf(type);
}

function readFields(line: Readonly<Record<string, unknown>>, draft: Draft): void {
  const { fields } = draft;
  let others: string[] | undefined;
  for (const key of Object.keys(line)) {
    const value = line[key];
    if (value === null || value === undefined) continue;
    const reader = CANONICAL.get(key);
    if (reader === undefined) {
      others ??= [];
      others.push(key);
    } else if (key === 'event_type') readEventType(value, draft);
    else if (key === 'status') readStatus(value, draft);
    else if (key === 'error' && !isObject(value))
      fields.error = { message: draft.settings.mask(String(value).toWellFormed()) };
    else if (key === 'extra') readExtra(value, draft);
    else fields[key] = reader(value, draft, key);
  }
  if (others) for (const key of others) readOther(key, line[key], draft, line);
}

/** Keys that are no canonical name: another case of one, a name from another dialect, or unknown. */
function readOther(key: string, value: unknown, draft: Draft, line: Readonly<Record<string, unknown>>): void {
  const lower = key.toLowerCase();
  if (STAMPS.has(lower)) return;
  const name = Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] as string) : lower;
  const reader = CANONICAL.get(name);
  const dialect = Object.hasOwn(DIALECT_READERS, lower) ? DIALECT_READERS[lower] : undefined;
  if (lower !== key && Object.hasOwn(line, lower)) keepExtra(draft, key, value);
  else if (dialect) dialect(value, draft);
  else if (!reader || draft.fields[name] !== undefined) keepExtra(draft, key, value);
  else if (name === 'event_type') readEventType(value, draft);
  else if (name === 'status') readStatus(value, draft);
  else draft.fields[name] = reader(value, draft, name);
}

/** `extra` of an event that was accepted before: its fields are unknown fields again. */
function readExtra(value: unknown, draft: Draft): void {
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
}

function assumeEventType(draft: Draft): string | undefined {
  const assumed = assumedEventType(draft) ?? (draft.dialect?.unknown_event_type === undefined ? undefined : 'METRIC');
  if (assumed !== undefined) flag(draft, 'event_type_assumed');
  return assumed;
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
  for (const name of NAMES) {
    const text = fields[name];
    if (typeof text === 'string' && text.length > MAX_NAME_LENGTH) {
      fields[name] = `${text.slice(0, MAX_NAME_LENGTH - 34).toWellFormed()}~${settings.hash(text)}`;
      flagChange(draft, `name_cut:${name}`);
    }
  }
  const tags = fields.tags as Record<string, string> | undefined;
  fields.environment ??= tags?.env ?? tags?.environment ?? settings.environment;
  fields.event_id ??= fields.event_key;
  fields.run_attempt ??= (fields.step_name === undefined ? fields.attempt : undefined) ?? 1;
  const isEnd = fields.event_type === 'RUN_END' || fields.event_type === 'STEP_END';
  const time = (draft.dialect?.logged_at ??
    fields.updated_at ??
    fields.created_at ??
    (isEnd ? fields.end_time : undefined) ??
    fields.start_time) as string | undefined;
  if (time === undefined) flag(draft, 'event_time_assumed');
  fields.event_time = time ?? fields.received_at;
  fields.event_date = dateOf(fields.event_time as string);
  const leaseMs = leaseOf(draft);
  if (leaseMs !== undefined) fields.lease_ms = leaseMs;
}

function leaseOf({ fields }: Draft): number | undefined {
  const heartbeatMs = fields.heartbeat_interval_ms as number | undefined;
  if (heartbeatMs !== undefined && heartbeatMs > 0) return Math.min(heartbeatMs * HEARTBEAT_MISSES, MAX_LEASE_MS);
  const slaMs = (fields.sla as { expected_max_duration_ms?: number } | undefined)?.expected_max_duration_ms;
  return slaMs !== undefined && slaMs > 0 ? Math.min(slaMs * 2, MAX_LEASE_MS) : undefined;
}

function extraText(draft: Draft, extra: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(maskedValue(extra, draft));
}
