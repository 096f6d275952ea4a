import type { Columns, ColumnType } from '../core/schema/column-type.ts';
import { TABLES, VIEWS } from '../core/schema/columns.ts';
import { ERROR_CLASSES, isFailureCode } from '../core/schema/error-code.ts';
import { REQUIRED_FIELDS } from '../core/schema/event.ts';
import { EVENT_TYPES, eventColumns } from '../core/schema/event-columns.ts';
import { STATUSES } from '../core/schema/status.ts';

/** `docs/tables.md`, from the one list of tables, views and columns. */
export function describeTables(): string {
  const part = (entry: {
    name: string;
    comment: string;
    columns: Columns;
    partitionedBy?: string;
    key?: readonly string[];
  }) =>
    [
      `## ${entry.name}`,
      '',
      entry.comment,
      '',
      ...(entry.key
        ? [`One row per ${entry.key.map(code).join(', ')}; partitioned by ${code(entry.partitionedBy ?? '')}.`, '']
        : []),
      columnTable(entry.columns),
    ].join('\n');
  return [
    GENERATED,
    '# Tables and views',
    '',
    'Everything but `run_changes`, which [remembers](changes.md), can be rebuilt from the raw lines. Instants are UTC, to the millisecond; counts are whole numbers from 0 to 2^53-1; unknown values are null.',
    '',
    `Tables: ${TABLES.map(({ name }) => link(name)).join(', ')}. Views: ${VIEWS.map(({ name }) => link(name)).join(', ')}.`,
    '',
    ...[...TABLES, ...VIEWS].flatMap((entry) => [part(entry), '']),
  ].join('\n');
}

/** `docs/event-fields.md`: every field of an event, and the closed sets. */
export function describeEvents(): string {
  const stamps = ['event_key', 'event_date', 'event_time', 'received_at', 'lease_ms', 'flags', 'original', 'extra'];
  const sent = Object.fromEntries(Object.entries(eventColumns).filter(([name]) => !stamps.includes(name)));
  const stamped = Object.fromEntries(Object.entries(eventColumns).filter(([name]) => stamps.includes(name)));
  return [
    GENERATED,
    '# Event fields',
    '',
    'How to send events, and what is accepted of other dialects, is in [events.md](events.md).',
    '',
    `An event is one JSON object on one line. ${code('process_name')}, ${code('run_id')} and something that says what happened (${code('event_type')} or ${code('status')}) are needed; every accepted event then has ${REQUIRED_FIELDS.map(code).join(', ')}.`,
    '',
    `Event types: ${EVENT_TYPES.map(code).join(', ')}.`,
    '',
    `Statuses, strongest first: ${STATUSES.map(code).join(', ')}.`,
    '',
    '## What producers send',
    '',
    columnTable(sent),
    '',
    '## What the ledger adds',
    '',
    columnTable(stamped),
    '',
    '## Error codes',
    '',
    'A letter for the layer and three digits. Other codes are kept as sent and classed unknown.',
    '',
    '| codes | class | a failure | retry can help | advice |',
    '|---|---|---|---|---|',
    ...ERROR_CLASSES.map(
      ({ prefix, from, to, name, retryable, advice }) =>
        `| ${prefix}${three(from)}–${prefix}${three(to)} | ${name} | ${isFailureCode(prefix + three(from)) ? 'yes' : 'no'} | ${retryable === null ? 'unknown' : retryable ? 'yes' : 'no'} | ${advice} |`,
    ),
    '',
  ].join('\n');
}

const GENERATED = '<!-- Written by `npm run docs` from the columns in core/. -->';

const columnTable = (columns: Columns): string =>
  [
    '| column | type | meaning |',
    '|---|---|---|',
    ...Object.entries(columns).map(
      ([name, { type, comment }]) => `| ${code(name)} | ${shownType(type)} | ${comment.replaceAll('|', '\\|')} |`,
    ),
  ].join('\n');

function shownType(type: ColumnType): string {
  if (typeof type === 'string') return type;
  if ('array' in type) return `array of ${shownType(type.array)}`;
  if ('map' in type) return `map of text to ${type.map}`;
  return `row (${Object.entries(type.row)
    .map(([name, field]) => `${name} ${shownType(field)}`)
    .join(', ')})`;
}

const code = (text: string): string => `\`${text}\``;
const link = (name: string): string => `[${name}](#${name})`;
const three = (number: number): string => String(number).padStart(3, '0');
