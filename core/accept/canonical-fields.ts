import type { ColumnType } from '../schema/column-type.ts';
import { eventColumns } from '../schema/event-columns.ts';
import { ROW_ALIASES } from './aliases.ts';
import { type Draft, keepExtra } from './draft.ts';
import { takeErrorText } from './error-text.ts';
import type { FieldReader } from './field-readers.ts';
import { isEmpty, isObject, scalarText } from './masked-value.ts';
import { readEventType, readStatus } from './outcome.ts';
import { parseExactly } from './parse-line.ts';
import { readDatasets } from './read-datasets.ts';
import { type Reader, readDuration, readLevel, readName, readUser } from './read-value.ts';
import { readerOf } from './reader.ts';

/** Fields that name something. They are keys in every store, and are never masked. */
export const NAMES = [
  'process_name',
  'run_id',
  'parent_run_id',
  'root_run_id',
  'step_name',
  'environment',
  'owner',
] as const;
/** Fields that accept writes itself. */
export const STAMPS: ReadonlySet<string> = new Set([
  'event_key',
  'event_date',
  'event_time',
  'received_at',
  'lease_ms',
  'flags',
  'original',
]);

/** How each field that a producer may send is read; stamps are none of these. */
export const CANONICAL_FIELDS: ReadonlyMap<string, FieldReader> = new Map(
  Object.entries(eventColumns)
    .filter(([name]) => !STAMPS.has(name))
    .map(([name, { type }]) => [name, fieldReaderOf(name, type)]),
);

function fieldReaderOf(name: string, type: ColumnType): FieldReader {
  if (name === 'event_type') return readEventType;
  if (name === 'status') return readStatus;
  if (name === 'extra') return readExtra;
  const reader = plainReaderOf(readerOfField(name, type));
  return name === 'error' ? errorReaderOf(reader) : reader;
}

/** What cannot be read is kept as it came. */
function plainReaderOf(read: Reader): FieldReader {
  return (value, draft, field, key) => {
    const one = read(value, draft, field);
    if (one !== undefined) draft.fields[field] = one;
    else if (!isEmpty(value)) keepExtra(draft, key, value);
  };
}

function readerOfField(name: string, type: ColumnType): Reader {
  const read = readerOf(type, ROW_ALIASES[name]);
  if (name === 'input_sources' || name === 'output_targets') return readDatasets(read);
  if (name === 'user') return readUser;
  if (name === 'log_level') return readLevel;
  if (name === 'duration_ms') return readDuration;
  if (name === 'map_index')
    return (value, draft, field) => (scalarText(value).trim() === NOT_MAPPED ? undefined : read(value, draft, field));
  return (NAMES as readonly string[]).includes(name) ? readName : read;
}

/** Airflow's `TaskInstance.map_index` of a task that is not mapped. */
const NOT_MAPPED = '-1';

/** An error is a row, or a plain text. */
function errorReaderOf(readRow: FieldReader): FieldReader {
  return (value, draft, name, key) => {
    if (isObject(value)) readRow(value, draft, name, key);
    else if (!takeErrorText(value, draft) && !isEmpty(value)) keepExtra(draft, key, value);
  };
}

/** `extra` of an event that was accepted before: its fields are unknown fields again. */
function readExtra(value: unknown, draft: Draft): void {
  const content = typeof value === 'string' ? objectIn(value) : value;
  if (isObject(content)) for (const key of Object.keys(content)) keepExtra(draft, key, content[key]);
  else keepExtra(draft, 'extra', value);
}

function objectIn(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
