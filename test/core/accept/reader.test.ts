import { describe, expect, test } from 'vitest';
import { draftOf } from '../../../core/accept/draft.ts';
import { maskedValue } from '../../../core/accept/masked-value.ts';
import { readInstant, readName, readUser } from '../../../core/accept/read-value.ts';
import { readerOf } from '../../../core/accept/reader.ts';
import type { ColumnType } from '../../../core/schema/column-type.ts';
import { settings } from './settings.ts';

/** What a value reads as, and what had to be noted on the way. */
function read(type: ColumnType | typeof readName, value: unknown, more = {}) {
  const draft = draftOf({}, { ...settings, ...more });
  const reader = typeof type === 'function' ? type : readerOf(type);
  const read = reader(value, draft, 'field');
  return { read, flags: draft.flags ?? [], extra: draft.extra ?? {}, changed: draft.changed };
}
const asItIs = { flags: [], extra: {}, changed: false };

describe('text', () => {
  test('is taken masked', () => {
    expect(read('varchar', 'a hush')).toEqual({ ...asItIs, read: 'a [masked]' });
  });

  test.each([
    [12, '12'],
    [true, 'true'],
    [{ a: 1 }, '{"a":1}'],
    [['hush'], '["[masked]"]'],
  ])('%j where text belongs is its text', (value, text) => {
    expect(read('varchar', value)).toEqual({ ...asItIs, read: text, flags: ['coerced:field'] });
  });

  test('that is not well formed, or holds U+0000, is repaired, and the line kept', () => {
    for (const value of ['a\u0000b', 'a\ud800b']) {
      expect(read('varchar', value)).toEqual({
        ...asItIs,
        read: 'a\uFFFDb',
        flags: ['text_repaired:field'],
        changed: true,
      });
    }
  });

  test('that names is never masked, and blank names are none', () => {
    expect(read(readName, 'a hush')).toEqual({ ...asItIs, read: 'a hush' });
    for (const blank of ['', ' \t']) expect(read(readName, blank)).toEqual({ ...asItIs, read: undefined });
    expect(read(readName, 7).read).toBe('7');
  });

  test('of a user is masked, unless it is an address: then it is one short name for one person', () => {
    expect(read(readUser, 'hush').read).toBe('[masked]');
    const { read: name } = read(readUser, ' Bob@Example.com ');
    expect(name).toMatch(/^user-[0-9a-f]{12}$/);
    expect(read(readUser, 'bob@example.com').read).toBe(name);
    expect(read(readUser, 'bob@example.com', { keepUserEmail: true }).read).toBe('bob@example.com');
    expect(read(readUser, 7).read).toBe('7');
  });
});

describe('a count', () => {
  test.each([0, 1, Number.MAX_SAFE_INTEGER])('%d is taken as it is', (value) => {
    expect(read('bigint', value)).toEqual({ ...asItIs, read: value });
  });

  test('of minus zero is zero', () => {
    expect(Object.is(read('bigint', -0).read, 0)).toBe(true);
  });

  test.each([
    ['12', 12],
    [' 12 ', 12],
    ['12.000', 12],
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%j is read from its digits, and kept when it does not look the same', (value, count) => {
    const extra = value === String(count) ? {} : { field: value };
    expect(read('bigint', value)).toEqual({ ...asItIs, read: count, flags: ['coerced:field'], extra });
  });

  test.each([-1, 1.5, 2 ** 53, '9007199254740992', '-1', '1.5', '1e3', '', '12x', 'x12', '12.', true, null, [1]])(
    '%j is unknown, and the line kept',
    (value) => {
      expect(read('bigint', value)).toEqual({
        ...asItIs,
        read: undefined,
        flags: ['count_unknown:field'],
        changed: true,
      });
    },
  );

  test('of 32 bits ends at 2147483647', () => {
    expect(read('integer', 2_147_483_647).read).toBe(2_147_483_647);
    expect(read('integer', 2_147_483_648).read).toBeUndefined();
    expect(read('integer', '2147483648').read).toBeUndefined();
  });
});

describe('a number', () => {
  test('is taken as it is, or read from its text', () => {
    expect(read('double', -1.5)).toEqual({ ...asItIs, read: -1.5 });
    expect(read('double', ' 1e3 ')).toEqual({
      ...asItIs,
      read: 1000,
      flags: ['coerced:field'],
      extra: { field: ' 1e3 ' },
    });
  });

  test.each(['', ' ', 'many', 'Infinity', Number.POSITIVE_INFINITY, true, {}])('%j is unknown', (value) => {
    expect(read('double', value)).toEqual({
      ...asItIs,
      read: undefined,
      flags: ['number_unknown:field'],
      changed: true,
    });
  });
});

describe('a truth', () => {
  test.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    [1, true],
    ['false', false],
    ['0', false],
    [0, false],
  ])('%j is read, and kept when it does not look the same', (value, truth) => {
    const extra = value === String(truth) ? {} : { field: value };
    expect(read('boolean', value)).toEqual({ ...asItIs, read: truth, flags: ['coerced:field'], extra });
    expect(read('boolean', truth)).toEqual({ ...asItIs, read: truth });
  });

  test.each(['yes', 2, ''])('%j is unknown', (value) => {
    expect(read('boolean', value)).toEqual({
      ...asItIs,
      read: undefined,
      flags: ['boolean_unknown:field'],
      changed: true,
    });
  });
});

describe('a time', () => {
  test('is an instant; that a zone was assumed is noted, and the line kept', () => {
    for (const type of ['timestamp', 'date'] as const) {
      expect(read(type, '2025-11-03T12:00:00Z')).toEqual({ ...asItIs, read: '2025-11-03T12:00:00.000Z' });
    }
    expect(read(readInstant, '2025-11-03T12:00:00', { zone: 'Asia/Kolkata' })).toEqual({
      ...asItIs,
      read: '2025-11-03T06:30:00.000Z',
      flags: ['zone_assumed:field'],
      changed: true,
    });
  });

  test('that is none is unknown; empty text says nothing', () => {
    expect(read('timestamp', 'soon')).toEqual({
      ...asItIs,
      read: undefined,
      flags: ['time_unknown:field'],
      changed: true,
    });
    expect(read('timestamp', '')).toEqual({ ...asItIs, read: undefined });
  });
});

describe('a list', () => {
  test('holds what can be read; one value alone is a list of one', () => {
    expect(read({ array: 'bigint' }, [1, null, 'x', 3])).toMatchObject({ read: [1, 3], changed: true });
    expect(read({ array: 'bigint' }, 1)).toEqual({ ...asItIs, read: [1], flags: ['coerced:field'] });
    expect(read({ array: 'bigint' }, [])).toEqual({ ...asItIs, read: undefined });
  });
});

describe('a map', () => {
  test('holds what can be read, and leaves the rest to extra under its own name', () => {
    expect(read({ map: 'double' }, { a: 1, b: 'x', c: null, d: undefined })).toEqual({
      read: { a: 1 },
      flags: ['number_unknown:field'],
      extra: { field: { b: 'x' } },
      changed: true,
    });
    expect(read({ map: 'double' }, {})).toEqual({ ...asItIs, read: undefined });
  });

  test('hides what its name calls a secret', () => {
    expect(read({ map: 'varchar' }, { password: 'x', other: 'y' }).read).toEqual({ password: '[secret]', other: 'y' });
    expect(read({ map: 'double' }, { token_count: 5 }).read).toEqual({ token_count: 5 });
  });

  test('masks and repairs its keys; __proto__ is a key like any other', () => {
    const { read: keys } = read({ map: 'varchar' }, JSON.parse('{"a hush":"x","a\\u0000":"y","__proto__":"z"}'));
    expect(JSON.stringify(keys)).toBe('{"a [masked]":"x","a\uFFFD":"y","__proto__":"z"}');
    expect(Object.getPrototypeOf(keys)).toBe(Object.prototype);
  });

  test.each(['text', 7, [1]])('is not %j', (value) => {
    expect(read({ map: 'varchar' }, value)).toEqual({ ...asItIs, read: undefined, flags: ['unread:field'] });
  });
});

describe('a row', () => {
  const row = { row: { code: 'varchar', count: 'bigint' } } as const;

  test('holds its fields, in any case of their names', () => {
    expect(read(row, { code: 'a', COUNT: 1, none: null })).toEqual({ ...asItIs, read: { code: 'a', count: 1 } });
  });

  test('leaves fields it does not know, and a second spelling of one, to extra', () => {
    expect(read(row, { code: 'a', Code: 'b', more: [1] })).toEqual({
      ...asItIs,
      read: { code: 'a' },
      extra: { field: { Code: 'b', more: [1] } },
    });
  });

  test('of which nothing can be read is unknown', () => {
    expect(read(row, {})).toEqual({ ...asItIs, read: undefined });
    expect(read(row, { count: -1 })).toMatchObject({ read: undefined, flags: ['count_unknown:field'] });
    expect(read(row, 'text')).toEqual({ ...asItIs, read: undefined, flags: ['unread:field'] });
  });

  test('in a list that brings an unknown key twice: both are kept', () => {
    const once = read({ array: row }, [{ code: 'a', more: 1 }, { code: 'b' }]);
    expect(once).toEqual({ ...asItIs, read: [{ code: 'a' }, { code: 'b' }], extra: { field: { more: 1 } } });
    const twice = read({ array: row }, [
      { code: 'a', more: 1 },
      { code: 'b', more: 2 },
    ]);
    expect(twice).toEqual({ ...once, extra: { field: { more: 1, 'more (2)': 2 } } });
  });

  test('in a list beside a value that is no row', () => {
    expect(read({ array: row }, ['text', { code: 'a', more: 1 }])).toMatchObject({
      read: [{ code: 'a' }],
      extra: { field: { more: 1 }, 'field (2)': ['text'] },
    });
  });
});

describe('a value that is kept in extra', () => {
  const kept = (value: unknown) => {
    const draft = draftOf({}, settings);
    return { value: maskedValue(value, draft), flags: draft.flags, changed: draft.changed };
  };

  test('is masked and repaired through and through, its keys too', () => {
    expect(JSON.stringify(kept({ 'a hush': ['hush', { password: 'x', n: 1, none: null }] }).value)).toBe(
      '{"a [masked]":["[masked]",{"password":"[secret]","n":1,"none":null}]}',
    );
    expect(kept('a\u0000')).toEqual({ value: 'a\uFFFD', flags: ['text_repaired:extra'], changed: true });
  });

  test('is cut off with a mark where it nests deeper than 32', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    expect(kept(nested(32))).toEqual({ value: nested(32), flags: null, changed: false });
    const cut = kept({ a: nested(32) });
    expect(JSON.stringify(cut.value)).toContain('[nested too deep]');
    expect([cut.flags, cut.changed]).toEqual([['nested_too_deep'], true]);
  });
});
