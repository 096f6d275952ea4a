import { dateOf, epochMsOf, instantOf } from '../instant.ts';
import type { ColumnType } from '../schema/column-type.ts';
import type { Event } from '../schema/event.ts';
import { eventColumns } from '../schema/event-columns.ts';
import { ALIAS_READERS, ALIASES, applyAliases } from './aliases.ts';
import { type Draft, draftOf, flag, flagChange, keepExtra } from './draft.ts';
import { assumedEventType, readEventType } from './event-type.ts';
import { isObject, maskedValue, type Reader, readerOf, readName, readUser } from './reader.ts';
import type { RejectionReason } from './rejection.ts';
import type { AcceptSettings } from './settings.ts';
import { applyStatus, readStatus } from './status.ts';

export type Normalized = { readonly event: Event; readonly changed: boolean } | { readonly reason: RejectionReason };

/** In characters. Names are keys in every store; a longer one becomes its head and a hash of the whole. */
const MAX_NAME_LENGTH = 256;
const NAMES = ['process_name', 'run_id', 'parent_run_id', 'root_run_id', 'step_name', 'environment', 'owner'] as const;
const STAMPS = new Set(['event_key', 'event_date', 'event_time', 'received_at', 'lease_ms', 'flags', 'original']);
/** 24 days. A longer lease would hide a silent run for too long. */
const MAX_LEASE_MS = 24 * 86_400_000;
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
  fields.event_type ??= assumedEventType(draft);

  const missing = (['process_name', 'run_id'] as const).filter((name) => fields[name] === undefined);
  if (missing.length > 0) return { reason: { kind: 'missing_identity', missing } };
  if (fields.event_type === undefined) {
    const status = draft.aliased?.unknown_status;
    return { reason: { kind: 'says_nothing', event_type: null, status: status ?? null } };
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
 * An event without values, its fields in the order of the columns: in the written line the stamps come first, at fixed
 * offsets. It is also faster: an object that gets its fields one by one takes half as long again to write as JSON.
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
  if (name === 'event_type') return readEventType;
  if (name === 'status') return readStatus;
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
    } else if (key === 'error' && !isObject(value))
      fields.error = { message: draft.settings.mask(String(value).toWellFormed()) };
    else if (key === 'extra') readExtra(value, draft);
    else fields[key] = reader(value, draft, key);
  }
  if (others) for (const key of others) readOther(key, line[key], draft, line);
}

/** Reads a key that is no canonical name: another case of one, an alias, or unknown. */
function readOther(key: string, value: unknown, draft: Draft, line: Readonly<Record<string, unknown>>): void {
  const lower = key.toLowerCase();
  if (STAMPS.has(lower)) return;
  const name = Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] as string) : lower;
  const reader = CANONICAL.get(name);
  const readAlias = Object.hasOwn(ALIAS_READERS, lower) ? ALIAS_READERS[lower] : undefined;
  if (lower !== key && Object.hasOwn(line, lower)) keepExtra(draft, key, value);
  else if (readAlias) readAlias(value, draft);
  else if (!reader || draft.fields[name] !== undefined) keepExtra(draft, key, value);
  else draft.fields[name] = reader(value, draft, name);
}

/** Reads the `extra` of an event that was accepted before: its fields are unknown fields again. */
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

function applySla(draft: Draft): void {
  const { fields } = draft;
  const sla = fields.sla as { expected_max_duration_ms?: number } | undefined;
  if (sla?.expected_max_duration_ms !== undefined) return;
  const minutes = Number((fields.tags as Record<string, unknown> | undefined)?.sla_minutes);
  if (!(minutes > 0 && minutes < 1e9)) return;
  fields.sla = { ...sla, expected_max_duration_ms: Math.round(minutes * 60_000) };
  flag(draft, 'sla_from_tags');
}

/** An END with a start and a duration has an end. */
function applyEndTime(draft: Draft): void {
  const { fields } = draft;
  if (fields.end_time !== undefined || !String(fields.event_type).endsWith('_END')) return;
  if (typeof fields.start_time !== 'string' || typeof fields.duration_ms !== 'number') return;
  const endMs = epochMsOf(fields.start_time) + fields.duration_ms;
  if (endMs >= 4_133_980_800_000) return;
  fields.end_time = instantOf(endMs);
  flag(draft, 'end_time_assumed');
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
  const time = (draft.aliased?.logged_at ??
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
