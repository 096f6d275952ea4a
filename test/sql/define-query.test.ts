import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineQuery, render } from '../../sql/define-query.ts';
import { openTestLake, type TestLake } from '../agreement/lake.ts';

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

const echo = defineQuery({
  name: 'echo',
  text: 'select :given as given',
  parameters: { given: 'text' },
  columns: { given: { type: 'varchar', comment: 'what was given' } },
});

describe('the renderer', () => {
  test('any well-formed text comes back from the engine as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('', "'", "''", '\\', ':given', '--', '/*', '"', '{{now}}', '%', '\n', '\u001b'),
        async (a, b) => {
          const given = `${a}${b}${a}`.toWellFormed().replaceAll('\0', '');
          expect(await lake.engine.query(echo, { given })).toEqual([{ given }]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a colon within text, a name or a comment is no parameter', () => {
    const query = defineQuery({
      name: 'q',
      text: `select '10:59:00', "a:b" -- at :noon\nfrom t where x = :x`,
      parameters: { x: 'integer' },
      columns: {},
    });
    expect(render(query, { x: 5 })).toBe(`select '10:59:00', "a:b" -- at :noon\nfrom t where x = 5`);
  });

  test.each([
    ['dates', ['2025-02-30']],
    ['dates', ["2025-01-01' or true --"]],
    ['instant', '2025-11-03'],
    ['integer', 1.5],
    ['integer', '1; drop table x'],
    ['text', 'a\0b'],
    ['text', '\ud800'],
  ] as const)('a %s parameter refuses %j', (kind, value) => {
    const query = defineQuery({ name: 'q', text: 'select :x', parameters: { x: kind }, columns: {} });
    expect(() => render(query, { x: value as never })).toThrow(`SQL parameter :x expected ${kind}`);
  });

  test('an empty list matches nothing', () => {
    const query = defineQuery({ name: 'q', text: 'select 1 where a in (:x)', parameters: { x: 'dates' }, columns: {} });
    expect(render(query, { x: [] })).toBe('select 1 where a in (cast(null as date))');
  });

  test('a parameter that is not declared, or not used, is an error at once', () => {
    expect(() => defineQuery({ name: 'q', text: 'select :y', parameters: {}, columns: {} })).toThrow(
      'query q uses :y, which is not declared',
    );
    expect(() => defineQuery({ name: 'q', text: 'select 1', parameters: { y: 'text' }, columns: {} })).toThrow(
      'query q declares :y, which its text does not use',
    );
  });
});
