import { expect, test } from 'vitest';
import { withFields } from '../../cli/ingest/resend.ts';
import { resentLineOf } from '../../core/accept/resent-line.ts';
import { aLedger, anAnswer, anIo, runOn } from './fakes.ts';

const KEY = '3f9a1c00000000000000000000000001';
const OTHER = '7b00000000000000000000000000000a';
const NAMES = [
  ...['rejection_key', 'received_at', 'kind', 'explanation', 'payload', 'state', 'decision_reason', 'decided_by'],
];
const row = (key: string, payload: string, kind: string, decision: readonly [string, string | null]) => [
  ...[key, '2025-11-03T11:59:58.000Z', kind, 'expected a run_id', payload],
  ...decision,
  decision[0] === 'dismissed' ? 'ada' : null,
];

/** A ledger with these rejected lines, which answers what the commands ask of it. */
const ledgerWith = (
  payloads: Readonly<Record<string, string>>,
  accepts: (line: string) => boolean = () => true,
  { kind = 'missing_identity', decision = ['open', null] as readonly [string, string | null] } = {},
) =>
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
        ...keys
          .filter((key) => sql.includes(key) || sql.includes('limit'))
          .map((key) => row(key, payloads[key] ?? '', kind, decision)),
      );
    },
    send: async (batch) => {
      const lines = Buffer.concat([...batch])
        .toString()
        .split('\n')
        .slice(0, -1);
      const accepted = lines.filter((line) => accepts(resentLineOf(line)?.line ?? '')).length;
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
  expect(ledger.calls[0]?.[1]).toMatch(
    /where kind in \('missing_identity'\)\s+and state in \('open'\)[\s\S]*limit 7\n$/,
  );
});

test('says when there are none', async () => {
  const { code, out, err } = await runOn(ledgerWith({}), ['rejections', 'list']);
  expect([code, out, err]).toEqual([0, '', 'no open rejected lines\n']);
});

test('shows one by the beginning of its key', async () => {
  const { out } = await runOn(ledgerWith({ [KEY]: '{"a":1}', [OTHER]: 'x' }), ['rejections', 'show', '3F9A']);
  expect(out).toBe(
    `missing_identity  ${KEY}  received 2025-11-03 11:59:58 UTC

expected a run_id

{"a":1}

next  runledger rejections resend 3f9a1c000000 --set name=value
      runledger rejections dismiss 3f9a1c000000 --reason TEXT
`,
  );
});

test('fields are proposed only for lines that are objects', async () => {
  const { out } = await runOn(ledgerWith({ [KEY]: 'x' }, undefined, { kind: 'not_json' }), ['rejections', 'show', KEY]);
  expect(out.endsWith('\n\nnext  runledger rejections dismiss 3f9a1c000000 --reason TEXT\n')).toBe(true);
});

test('of one that is dismissed it is said why, and no more is proposed', async () => {
  const ledger = ledgerWith({ [KEY]: 'x' }, undefined, { decision: ['dismissed', 'a test of mine'] });
  expect(
    (await runOn(ledger, ['rejections', 'show', KEY])).out.endsWith('x\n\ndismissed by ada: a test of mine\n'),
  ).toBe(true);
  const all = await runOn(ledger, ['rejections', '--all']);
  expect(all.out).toContain('kind              state      by   line');
  expect(ledger.calls.at(-2)?.[1]).toContain("state in ('accepted', 'dismissed', 'open')");
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
  expect(resentLineOf(ledger.sent().trim())).toEqual({
    rejection_key: KEY,
    line: '{"run_id":"r","note":"a=b","process_name":"daily orders"}',
  });
});

test('resends all, and those that are still rejected are counted', async () => {
  const ledger = ledgerWith({ [KEY]: '{"run_id":"r"}', [OTHER]: 'not json' }, (line) => line.startsWith('{'));
  const { code, out } = await runOn(ledger, ['rejections', 'resend', '--all', '--set', 'process_name=p']);
  expect([code, out]).toEqual([0, '2 lines sent again: 1 accepted, 1 still rejected\n']);
  expect(ledger.sent().trim().split('\n').map(resentLineOf)).toEqual([
    { rejection_key: KEY, line: '{"run_id":"r","process_name":"p"}' },
    { rejection_key: OTHER, line: 'not json' },
  ]);
});

test('a line that is kept cut is not sent, and it is said where it is whole', async () => {
  const ledger = ledgerWith({ [KEY]: 'x…[cut]' });
  const { code, out, err } = await runOn(ledger, ['rejections', 'resend', KEY]);
  expect([code, out, ledger.sent()]).toEqual([0, '', '']);
  expect(err).toBe(
    '1 line too long to be sent from here; each is whole under oversize/ in the ledger: edit it and send it with ingest\n',
  );
});

test('dismisses one, or all, with the reason', async () => {
  const ledger = ledgerWith({ [KEY]: '{}', [OTHER]: 'x' });
  const one = await runOn(ledger, ['rejections', 'dismiss', '3f9a', '--reason', 'a test', '--who', 'ada']);
  expect([one.code, one.out]).toEqual([0, '1 line dismissed; runledger rejections list --all still lists them\n']);
  const all = await runOn(ledger, ['rejections', 'dismiss', '--all', '--reason', 'a photo']);
  expect(all.out).toBe('2 lines dismissed; runledger rejections list --all still lists them\n');
  expect(ledger.calls.filter(([name]) => name === 'dismiss')).toEqual([
    ['dismiss', { keys: [KEY], reason: 'a test', who: 'ada' }],
    ['dismiss', { keys: [KEY, OTHER], reason: 'a photo', who: 'somebody' }],
  ]);
});

test('dismiss wants a reason, and keys or all', async () => {
  expect((await runOn(aLedger(), ['rejections', 'dismiss', 'abcd'])).code).toBe(2);
  expect((await runOn(aLedger(), ['rejections', 'dismiss', 'abcd', '--reason', ' '])).err).toBe(
    "error: option '--reason <text>' argument ' ' is invalid. expected 1 to 1,000 characters.\n",
  );
  expect((await runOn(aLedger(), ['rejections', 'dismiss', '--reason', 'r'])).err).toBe(
    'error: expected keys or --all, but got neither; `runledger rejections` lists the keys\n',
  );
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
