import type { ColumnType } from '../../core/schema/column-type.ts';

/**
 * A value as the port promises it, from the text that Athena always answers; null for unknown, which has none. Throws a
 * TypeError or RangeError that names the column when the text is no value of its type.
 */
export function valueFrom(
  text: string | undefined,
  type: ColumnType,
  column: string,
): string | number | boolean | null {
  if (text === undefined) return null;
  switch (type) {
    case 'varchar':
    case 'date':
      return text;
    case 'boolean':
      return text === 'true';
    case 'double':
      return Number(text);
    case 'bigint':
    case 'integer':
      return integerFrom(text, column);
    case 'timestamp':
      return instantFrom(text, column);
    default:
      // Athena prints nested values as `{a=1, b=x, y}`, which nothing can parse.
      throw new TypeError(`column ${column} is nested; a query on Athena answers scalars only`);
  }
}

function integerFrom(text: string, column: string): number {
  const integer = Number(text);
  if (Number.isSafeInteger(integer)) return integer;
  throw new RangeError(`column ${column} expected an integer within 2^53, got ${text}`);
}

/** `2025-11-03 12:01:02.123000`: UTC, with as many digits as the column has. */
function instantFrom(text: string, column: string): string {
  const [, day, clock, fraction = ''] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? [];
  if (day === undefined) throw new TypeError(`column ${column} expected a timestamp, got ${text}`);
  return `${day}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}
