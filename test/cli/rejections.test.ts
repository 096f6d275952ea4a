import { expect, test } from 'vitest';
import { withFields } from '../../cli/ingest/resend.ts';
import { aLedger, anAnswer, anIo, runOn } from './fakes.ts';

const KEY = '3f9a1c00000000000000000000000001';
const OTHER = '7b00000000000000000000000000000a';
const NAMES = ['rejection_key', 'received_at', 'kind', 'explanation', 'payload'];
const row = (key: string, payload: string) => [
  key,
  '2025-11-03T11:59:58.000Z',
  'missing_identity',
  'expected a run_id',
  payload,
];

/** A ledger with these rejected lines, which answers what the commands ask of it. */
const ledgerWith = (payloads: Readonly<Record<string, string>>, accepts: (line: string) => boolean = () => true) =>
  aLedger({
    query: async (sql) => {
      const keys = Object.keys(payloads).sort();
      const start = /length\('([0-9a-f]*)'\)\) = /.exec(sql)?.[1];
      if (start !== undefined)
        return anAnswer(
          ['rejection_key'],
          ...keys
            .filter((key) => key.startsWith(start))
            .slice(0, 2)
            .map((key) => [key]),
        );
      const after = /rejection_key > '([0-9a-f]*)'/.exec(sql)?.[1];
      if (after !== undefined) {
        return anAnswer(
          ['rejection_key', 'size'],
          ...keys.filter((key) => key > after).map((key) => [key, payloads[key]?.length]),
        );
      }
      return anAnswer(
        NAMES,
        ...keys.filter((key) => sql.includes(key) || sql.includes('limit')).map((key) => row(key, payloads[key] ?? '')),
      );
    },
    send: async (batch) => {
      const lines = Buffer.concat([...batch])
        .toString()
        .split('\n')
        .slice(0, -1);
      const accepted = lines.filter(accepts).length;
      return { received: lines.length, accepted, rejected: lines.length - accepted };
    },
  });

test('lists rejected lines with enough of their keys', async () => {
  const ledger = ledgerWith({ [KEY]: '{"a":"\u001b[2J"}' });
  const { code, out, err } = await runOn(ledger, ['rejections', '--kind', 'missing_identity', '--limit', '7']);
  expect(code).toBe(0);
  expect(out).toBe(
    `key           received (UTC)       kind              line
3f9a1c000000  2025-11-03 11:59:58  missing_identity  {"a":""}
`,
  );
  expect(err).toBe('why, and the whole line: runledger rejections show KEY\n');
  expect(ledger.calls[0]?.[1]).toMatch(/where kind in \('missing_identity'\)[\s\S]*limit 7\n$/);
});

test('says when there are none', async () => {
  const { code, out, err } = await runOn(ledgerWith({}), ['rejections', 'list']);
  expect([code, out, err]).toEqual([0, '', 'no rejected lines\n']);
});

test('shows one by the beginning of its key', async () => {
  const { out } = await runOn(ledgerWith({ [KEY]: '{"a":1}', [OTHER]: 'x' }), ['rejections', 'show', '3F9A']);
  expect(out).toBe(
    `missing_identity  ${KEY}  received 2025-11-03 11:59:58 UTC

expected a run_id

{"a":1}

next  runledger rejections resend 3f9a1c000000 --set name=value
`,
  );
});

test.each([
  ['ffff', 4, 'error: there is no rejected line whose key begins with ffff\n'],
  ['3f9a', 2, 'error: several keys begin with 3f9a; give more of it\n'],
  ["3' or 1", 2, "error: expected a key or its beginning, 4 to 32 of the digits 0-9 and a-f, but got 3' or 1\n"],
])('show %s ends with %i', async (start, exitCode, message) => {
  const ledger = ledgerWith({ [KEY]: 'x', '3f9affffffffffffffffffffffffffff': 'y' });
  const { code, err } = await runOn(ledger, ['rejections', 'show', start]);
  expect([code, err]).toEqual([exitCode, message]);
});

test('resends one with fields set, and says how many were accepted', async () => {
  const ledger = ledgerWith({ [KEY]: '{"run_id":"r","note":"n"}', [OTHER]: 'x' });
  const { code, out } = await runOn(ledger, [
    'rejections',
    'resend',
    '3f9a',
    '--set',
    'process_name=daily orders',
    '--set',
    'note=a=b',
  ]);
  expect([code, out]).toEqual([0, '1 line sent again: 1 accepted, 0 still rejected\n']);
  expect(ledger.sent()).toBe('{"run_id":"r","note":"a=b","process_name":"daily orders"}\n');
});

test('resends all, and those that are still rejected are counted', async () => {
  const ledger = ledgerWith({ [KEY]: '{"run_id":"r"}', [OTHER]: 'not json' }, (line) => line.startsWith('{'));
  const { code, out } = await runOn(ledger, ['rejections', 'resend', '--all', '--set', 'process_name=p']);
  expect([code, out]).toEqual([0, '2 lines sent again: 1 accepted, 1 still rejected\n']);
  expect(ledger.sent()).toBe('{"run_id":"r","process_name":"p"}\nnot json\n');
});

test('resend wants keys or all', async () => {
  expect((await runOn(aLedger(), ['rejections', 'resend'])).err).toBe(
    'error: expected keys or --all, but got neither; `runledger rejections` lists the keys\n',
  );
  expect((await runOn(aLedger(), ['rejections', 'resend', 'abcd', '--all'], anIo())).code).toBe(2);
  expect((await runOn(aLedger(), ['rejections', 'resend', '--all', '--set', 'x'])).err).toBe(
    "error: option '--set <name=value>' argument 'x' is invalid. expected name=value.\n",
  );
});

test('fields are set on objects only, and a line nothing is set on stays as it is', () => {
  expect(withFields('{"a": 1}', {})).toBe('{"a": 1}');
  expect(withFields('{"a": 1}', { a: 'x' })).toBe('{"a":"x"}');
  expect(withFields('[1]', { a: 'x' })).toBe('[1]');
  expect(withFields('null', { a: 'x' })).toBe('null');
  expect(withFields('no json', { a: 'x' })).toBe('no json');
  expect(withFields('{}', Object.fromEntries([['__proto__', 'x']]))).toBe('{"__proto__":"x"}');
});
