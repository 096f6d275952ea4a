import { expect, test } from 'vitest';
import { problemShown } from '../../../core/pipelines/problem.ts';
import { QueryRejectedError } from '../../../core/ports/answer-engine.ts';
import { pricesJsonSchema } from '../../../core/prices/file-schema.ts';
import { pricesIn, readPrices } from '../../../core/prices/read-prices.ts';

test('a file of prices is read, each with its unit and currency', () => {
  const text = 'currency: EUR\nnode_types:\n  r5.4xlarge: 1.008\n  G.1X: 0\ndpu_hour: 0.44\nathena_tb: 5\n';
  expect(readPrices(text)).toEqual({
    problems: [],
    prices: [
      { unit: 'node_hour', name: 'r5.4xlarge', price: 1.008, currency: 'EUR' },
      { unit: 'node_hour', name: 'G.1X', price: 0, currency: 'EUR' },
      { unit: 'dpu_hour', name: '', price: 0.44, currency: 'EUR' },
      { unit: 'athena_tb', name: '', price: 5, currency: 'EUR' },
    ],
  });
  expect(readPrices('{}').prices).toEqual([]);
});

test.each([
  ['dpu_hours: 1', 'prices.yaml:1:1 dpu_hours: expected a known name, but got "dpu_hours"; did you mean dpu_hour?'],
  [
    'node_types:\n  a: cheap',
    'prices.yaml:2:3 node_types.a: expected a price: a number from 0 to 1000000, but got "cheap"',
  ],
  ['dbu: -1', 'prices.yaml:1:1 dbu: expected a price: a number from 0 to 1000000, but got -1'],
  ['dbu: .inf', 'prices.yaml:1:1 dbu: expected a price: a number from 0 to 1000000, but got null'],
  ['currency: dollars', 'prices.yaml:1:1 currency: expected the code of a currency, such as USD, but got "dollars"'],
  ['node_types: [1]', 'prices.yaml:1:1 node_types: expected names with values below it, but got [1]'],
  ['a: b: c', 'prices.yaml:1:4 expected YAML, but nested mappings are not allowed in compact mappings'],
])('%j is refused, with the place and what was expected', (text, message) => {
  const { prices, problems } = readPrices(text);
  expect(prices).toBeUndefined();
  expect(problems.map((problem) => problemShown('prices.yaml', problem))[0]).toContain(message);
  expect(() => pricesIn('prices.yaml', text)).toThrow(QueryRejectedError);
});

test('the JSON Schema knows every unit and no other', () => {
  expect(pricesJsonSchema()).toMatchObject({
    additionalProperties: false,
    properties: { currency: {}, node_types: {}, dpu_hour: {}, dbu: {}, athena_tb: {} },
  });
});
