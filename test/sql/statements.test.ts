import { expect, test } from 'vitest';
import type { Columns } from '../../core/schema/column-type.ts';
import type { Parameters, Query } from '../../core/typed-query.ts';
import { render } from '../../sql/define-query.ts';
import { OBJECTS_PER_STATEMENT, statementsFor } from '../../sql/statements.ts';

/** "The maximum allowed query string length is 262144 bytes" (Service Quotas of Athena). */
const LONGEST_QUERY_BYTES = 262_144;
/** "Bucket names must be between 3 and 63 characters" (S3). */
const LONGEST_BUCKET = 'b'.repeat(63);

const days = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10));

test.each(Object.values(statementsFor('trino')).map((query) => [query.name, query as Query<Parameters, Columns>]))(
  '%s fits into what Athena takes, with the longest list of objects there is and the dates of half a year',
  (_, query) => {
    const { maxObjects, maxKeyBytes } = OBJECTS_PER_STATEMENT;
    const keys = Array.from({ length: maxObjects }, () => 'k'.repeat(maxKeyBytes / maxObjects));
    const argumentOf = (name: string, kind: string) => {
      if (kind === 'objects') return keys.map((key) => `s3://${LONGEST_BUCKET}/${key}`);
      if (name === 'objects') return keys;
      if (kind === 'integer') return Number.MAX_SAFE_INTEGER;
      return kind === 'instant' ? '2025-11-03T12:00:00.000Z' : days(183);
    };
    const values = Object.fromEntries(
      Object.entries(query.parameters).map(([name, kind]) => [name, argumentOf(name, kind as string)]),
    );
    const bytes = Buffer.byteLength(render(query as never, values as never));
    expect(bytes).toBeLessThanOrEqual(LONGEST_QUERY_BYTES);
  },
);
