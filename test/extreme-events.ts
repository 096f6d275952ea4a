import fc from 'fast-check';
import { ALIASES } from '../core/accept/aliases.ts';
import { FIELD_READERS } from '../core/accept/field-readers.ts';
import type { ColumnType } from '../core/schema/column-type.ts';
import { EVENT_TYPES } from '../core/schema/event.ts';
import { eventColumns } from '../core/schema/event-columns.ts';

/**
 * Lines whose every field is at a bound of what its column allows, or beyond it, with fields of other tools among them.
 * They are derived from the columns and the aliases, so a new one is tried without a word here.
 */
export const extremeLine = (): fc.Arbitrary<string> =>
  fc
    .record(
      {
        ...Object.fromEntries(
          Object.entries(eventColumns).map(([name, column]) => [
            name,
            'oneOf' in column ? fc.constantFrom<unknown>(...column.oneOf, 'junk', 7) : extremeOf(column.type),
          ]),
        ),
        ...Object.fromEntries(otherNames().map((name) => [name, anything()])),
        process_name: fc.constant('extreme'),
        run_id: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c') }, extremeOf('varchar')),
        event_type: fc.constantFrom(...EVENT_TYPES),
        step_name: fc.option(fc.oneof(fc.constantFrom('load', 'extract'), extremeOf('varchar')), { nil: undefined }),
      } as Record<string, fc.Arbitrary<unknown>>,
      { requiredKeys: ['process_name', 'run_id', 'event_type'] },
    )
    .map((event) => JSON.stringify(event).replaceAll(/"(@@-?[0-9.e+]+)"/g, (_, digits: string) => digits.slice(2)));

/** Longer than any bound of a name or a stamp. */
const LONG = 'x'.repeat(2_000);
const TEXTS = [
  '',
  ' ',
  'null',
  LONG,
  '\u{1F600}'.repeat(300),
  '\u0000',
  'a\ud83d',
  "'; drop table x; --",
  '\u2028\ufeff"\\',
];
/** Written as digits: JavaScript could not hold them. */
const DIGITS = ['@@9007199254740993', '@@9223372036854775807', '@@18446744073709551616', '@@1e400', '@@-1e400'];
const COUNTS = [0, -0, 1, -1, 0.5, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 8.64e15, 1e308, ...DIGITS, '12', 'many'];
const DOUBLES = [0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53 - 1, ...DIGITS, '1e309', 'NaN'];
const TIMES = [
  '2000-01-01T00:00:00.000Z',
  '2100-12-31T23:59:59.999Z',
  '1999-12-31T23:59:59.999Z',
  '2101-01-01T00:00:00Z',
  '2025-11-03T12:00:00.000Z',
  '2025-11-03 12:00:00,5 -14:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
  946_684_800,
  4_133_980_799_999,
  8.64e15,
  '12:00',
];

/** Of other tools, and names in another case. */
const otherNames = (): readonly string[] => [...Object.keys({ ...ALIASES, ...FIELD_READERS }), 'Status', 'EVENT_ID'];

/** Left out three times of four: a line has room for few of them. */
const anything = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    fc.constantFrom<unknown>(...TEXTS, ...COUNTS, ...TIMES, [], {}),
  );

function extremeOf(type: ColumnType): fc.Arbitrary<unknown> {
  if (typeof type === 'object') {
    if ('array' in type) {
      const element = extremeOf(type.array);
      return fc.oneof(fc.constantFrom<unknown>([], [null], 'one', {}), fc.array(element, { maxLength: 3 }));
    }
    if ('map' in type) {
      const name = fc.constantFrom('', 'a', '__proto__', 'memory_used_mb', 'sla_minutes', 'env', LONG, 'a\ud83d');
      return fc.oneof(
        fc.constantFrom<unknown>({}, [], 'one'),
        fc.dictionary(name, extremeOf(type.map), { maxKeys: 5 }),
      );
    }
    const fields = Object.entries(type.row).map(([name, field]) => [name, extremeOf(field)] as const);
    return fc.oneof(
      fc.constantFrom<unknown>({}, [], null),
      fc.record(Object.fromEntries(fields), { requiredKeys: [] }),
    );
  }
  switch (type) {
    case 'varchar':
      return fc.constantFrom<unknown>(...TEXTS, 7, true, null, ['a'], { a: 1 });
    case 'boolean':
      return fc.constantFrom<unknown>(true, false, 'true', 0, 1, 'maybe', null);
    case 'double':
      return fc.constantFrom<unknown>(...DOUBLES, null);
    case 'timestamp':
    case 'date':
      return fc.constantFrom<unknown>(...TIMES, null);
    default:
      return fc.constantFrom<unknown>(...COUNTS, null);
  }
}
