import { expect, test } from 'vitest';
import { acceptLine } from '../../../core/accept/accept-line.ts';
import { ALIASES, ROW_ALIASES } from '../../../core/accept/aliases.ts';
import { FIELD_READERS } from '../../../core/accept/field-readers.ts';
import { eventColumns } from '../../../core/schema/event-columns.ts';
import { settings } from './settings.ts';

/** Deeper than any stack: what walks into it without a bound throws a RangeError. */
const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const FIELDS = new Set([...Object.keys(eventColumns), ...Object.keys(ALIASES), ...Object.keys(FIELD_READERS), 'more']);
const PARTS: readonly (readonly [string, string])[] = Object.entries(eventColumns).flatMap(([field, { type }]) => {
  const row = typeof type === 'object' && 'array' in type ? type.array : type;
  const own = typeof row === 'object' && 'row' in row ? Object.keys(row.row) : [];
  return [...own, ...Object.keys(ROW_ALIASES[field] ?? {})].map((part) => [field, part] as const);
});

test('a value may nest as deep as a line is long, wherever it stands', () => {
  const values = [
    ...[...FIELDS].map((field) => [field, DEEP]),
    ...PARTS.map(([field, part]) => [field, `{"${part}":${DEEP}}`]),
  ];
  for (const [field, value] of values) {
    const line = `{"pipeline":"p","run_id":"r","event_type":"RUN_END","total_checks":1,"${field}":${value}}`;
    expect(() => acceptLine(line, line, '2025-11-03T12:00:00.000Z', settings), field).not.toThrow();
  }
});
