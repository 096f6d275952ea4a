import { expect, test } from 'vitest';
import { normalize } from '../../../core/accept/normalize.ts';
import { maskOf } from '../../../core/mask/mask.ts';
import { settings } from './settings.ts';

/** As a ledger masks. */
const masking = { ...settings, mask: maskOf() };
const RECEIVED = '2026-11-03T12:00:01.000Z';
const NAMED = { process_name: 'daily', run_id: 'r', event_type: 'RUN_END', status: 'SUCCESS', event_time: RECEIVED };

function told(line: object) {
  const result = normalize({ ...NAMED, ...line } as Record<string, unknown>, '0'.repeat(32), RECEIVED, masking);
  if ('reason' in result) throw new Error(JSON.stringify(result.reason));
  const { dataset_fields = [], extra, input_sources, output_targets, flags } = result.event;
  return {
    fields: dataset_fields.map(({ dataset, name, type, position }) => [dataset, name, type, position]),
    extra: extra === undefined ? null : JSON.parse(extra),
    ...{ input_sources, output_targets, flags },
  };
}

const ORDERS = [
  ['mart.orders', 'id', 'bigint', 1],
  ['mart.orders', 'note', 'string', 2],
];

test.each([
  ['a map', { id: 'bigint', note: 'string' }],
  [
    'a list of names and types',
    [
      { name: 'id', type: 'bigint' },
      { name: 'note', type: 'string' },
    ],
  ],
])('the schema of a dataset, as %s, becomes its fields and leaves nothing behind', (_, schema) => {
  const { fields, extra, output_targets, flags } = told({ output_targets: [{ path: 'mart.orders', schema }] });
  expect(fields).toEqual(ORDERS);
  expect(output_targets).toEqual([{ path: 'mart.orders' }]);
  expect([extra, flags]).toEqual([null, undefined]);
});

test("Spark's own schema, with structs in it: inner fields are named after the outer one, and the rest is kept", () => {
  const schema = {
    type: 'struct',
    fields: [
      { name: 'id', type: 'long', nullable: false, metadata: {} },
      {
        name: 'who',
        type: { type: 'struct', fields: [{ name: 'zip', type: 'string', nullable: true, metadata: {} }] },
      },
      { name: 'tags', type: { type: 'array', elementType: 'string', containsNull: true } },
    ],
  };
  const { fields, extra } = told({ input_sources: [{ path: 's3://a', schema }] });
  expect(fields).toEqual([
    ['s3://a', 'id', 'long', 1],
    ['s3://a', 'who', 'struct', 2],
    ['s3://a', 'who.zip', 'string', 3],
    ['s3://a', 'tags', 'array', 4],
  ]);
  expect(extra).toEqual({ input_sources: { schema } });
});

test("OpenLineage's schema facet, of inputs and outputs", () => {
  const facets = {
    schema: {
      _producer: 'https://x',
      fields: [
        { name: 'id', type: 'INT' },
        { name: 'a', fields: [{ name: 'b' }] },
      ],
    },
  };
  const dataset = { namespace: 'snowflake://x', name: 'db.t', facets };
  const { fields, input_sources } = told({ input_sources: [dataset] });
  expect(fields).toEqual([
    ['snowflake://x/db.t', 'id', 'INT', 1],
    ['snowflake://x/db.t', 'a', undefined, 2],
    ['snowflake://x/db.t', 'a.b', undefined, 3],
  ]);
  expect(input_sources).toEqual([{ path: 'snowflake://x/db.t' }]);
});

test('fields told in a field of their own, by other names too, stand beside those of datasets', () => {
  const { fields } = told({
    dataset_fields: [{ table: 'mart.a', column: 'x', data_type: 'date', ordinal_position: '3' }],
    input_sources: [{ path: 'mart.b', schema: ['y'] }],
  });
  expect(fields).toEqual([
    ['mart.a', 'x', 'date', 3],
    ['mart.b', 'y', undefined, 1],
  ]);
});

test.each([
  ['the name of a database schema', 'public'],
  ['a type that is no word', { id: 5 }],
  ['no field', []],
  ['fields without names', [{ type: 'int' }]],
  ['more fields than anyone looks at', Object.fromEntries(Array.from({ length: 5_001 }, (_, at) => [`c${at}`, 'int']))],
])('%s is no schema, and is kept as it came', (_, schema) => {
  const { fields, extra } = told({ input_sources: [{ path: 'mart.a', schema }] });
  expect(fields).toEqual([]);
  expect(extra).toEqual({ input_sources: { schema } });
});

test('secrets in the names of fields are masked as in any text', () => {
  const { fields } = told({ input_sources: [{ path: 'mart.a', schema: { 'ada@example.com': 'text' } }] });
  expect(fields).toEqual([['mart.a', '[email]', 'text', 1]]);
});
