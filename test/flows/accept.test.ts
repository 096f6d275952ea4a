import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AcceptSettings } from '../../core/accept/settings.ts';
import { acceptEach, acceptRecords } from '../../flows/accept.ts';

const settings: AcceptSettings = {
  environment: 'prod',
  zone: 'UTC',
  keepUserEmail: false,
  userSalt: 'a salt of this test',
  mask: (text) => text.replaceAll('secret', '[masked]'),
  hash: (content) => hash('sha256', content).slice(0, 32),
};
const RECEIVED = '2025-11-03T12:00:01.000Z';
const line = (run_id: string, more: object = {}) =>
  JSON.stringify({ process_name: 'daily', run_id, event_type: 'RUN_START', ...more });

const accept = (...records: readonly (string | Uint8Array)[]) =>
  acceptRecords(
    records.map((record) => (typeof record === 'string' ? Buffer.from(record) : record)),
    RECEIVED,
    settings,
  );
const damaged = (text: string) => Buffer.concat([Buffer.from(text), Buffer.from([0xff])]);

describe('records', () => {
  test('hold one or many lines; each is accepted or rejected, and counted', () => {
    const batch = accept(`${line('a')}\n${line('b')}\n`, '{broken', line('c'));
    expect(batch.counts).toMatchObject({ received: 4, accepted: 3, rejected: 1 });
    expect(batch.events.map(({ run_id }) => run_id)).toEqual(['a', 'b', 'c']);
    expect(batch.lines.map((text) => JSON.parse(text).run_id)).toEqual(['a', 'b', 'c']);
    expect(batch.rejections).toMatchObject([{ received_at: RECEIVED, payload: '{broken' }]);
    expect(batch.oversized).toEqual([]);
  });

  test('without a line count nothing', () => {
    expect(accept('', '\n', ' \r\n\t\n').counts).toEqual({ received: 0, accepted: 0, rejected: 0 });
  });

  test('may hold objects without line ends between them', () => {
    const joined = `${line('a')}${line('b', { note: '}{' })} ${line('c')}`;
    const batch = accept(`${joined}\n${line('d')}`);
    expect(batch.events.map(({ run_id }) => run_id)).toEqual(['a', 'b', 'c', 'd']);
    expect(batch.counts).toEqual({ received: 4, accepted: 4, rejected: 0 });
    expect(batch.events[0]?.event_key).toBe(accept(line('a')).events[0]?.event_key);
  });

  test.each([
    ['one of them is broken', `${line('a')}{broken}`],
    ['a word stands between them', `${line('a')}\\n${line('b')}`],
    ['the last one breaks off', `${line('a')}${line('b').slice(0, -1)}`],
  ])('are one rejection when %s', (_, text) => {
    const batch = accept(text);
    expect(batch.counts).toMatchObject({ received: 1, rejected: 1 });
    expect(batch.rejections).toMatchObject([{ payload: text }]);
  });

  test('say why the first ten lines were rejected, and where they stand, blank lines counted', () => {
    const { counts } = accept(`${line('a')}\n\n{broken\n`, `{broken\n${line('b')}`, '{"run_id":"c"}');
    expect(counts.reasons).toEqual([
      { line: 3, kind: 'not_json', explanation: expect.stringMatching(/^expected one JSON object per line/) },
      { line: 4, kind: 'not_json', explanation: expect.any(String) },
      { line: 6, kind: 'missing_identity', explanation: expect.stringMatching(/process_name is missing/) },
    ]);
    expect(accept(damaged('x\n\n'), '{broken').counts.reasons?.map(({ line }) => line)).toEqual([1, 3, 4]);
    expect(accept('x\n'.repeat(50)).counts.reasons).toHaveLength(10);
    expect(accept(line('a')).counts).not.toHaveProperty('reasons');
  });

  test('tell each outcome in turn', () => {
    const kinds: string[] = [];
    acceptEach([Buffer.from(`${line('a')}\n{broken`)], RECEIVED, settings, (outcome) =>
      kinds.push('rejection' in outcome ? 'rejected' : outcome.event.run_id),
    );
    expect(kinds).toEqual(['a', 'rejected']);
  });
});

describe('the identity of a line', () => {
  const keysOf = (record: string | Uint8Array) => accept(record).events.map(({ event_key }) => event_key);

  test('is the hash of its bytes without the line end, whichever line end it is', () => {
    const key = hash('sha256', line('a')).slice(0, 32);
    for (const end of ['', '\n', '\r\n']) expect(keysOf(`${line('a')}${end}`)).toEqual([key]);
    expect(keysOf(`${line('a')}\r\n${line('a')}\r\n`)).toEqual([key, key]);
  });

  test('is the same beside a line that is not UTF-8', () => {
    const [alone] = keysOf(line('a'));
    for (const end of ['\n', '\r\n']) expect(keysOf(damaged(`${line('a')}${end}`))[0]).toBe(alone);
  });

  test('of bytes that are not UTF-8 is the hash of those bytes', () => {
    const bytes = Buffer.concat([Buffer.from(line('a').slice(0, -2)), Buffer.from([0xe9]), Buffer.from('"}')]);
    const key = hash('sha256', bytes).slice(0, 32);
    expect(keysOf(bytes)).toEqual([key]);
    expect(keysOf(Buffer.concat([bytes, Buffer.from('\r\n')]))).toEqual([key]);
    expect(accept(bytes).events[0]?.flags).toContain('not_utf8');
  });

  test('holds a byte order mark, which is part of what came', () => {
    const marked = `\uFEFF${line('a')}`;
    expect(keysOf(marked)).toEqual([hash('sha256', marked).slice(0, 32)]);
  });

  test('of a record that only a bad byte fills is that byte’s', () => {
    const [rejection] = accept(Buffer.from([0xff])).rejections;
    expect(rejection).toMatchObject({
      payload: '\uFFFD',
      rejection_key: hash('sha256', Buffer.from([0xff])).slice(0, 32),
    });
  });
});

test('a bad byte costs no line beside it', () => {
  const batch = accept(Buffer.concat([Buffer.from(`${line('a')}\n\n`), damaged('{'), Buffer.from(`\n${line('b')}\n`)]));
  expect(batch.events.map(({ run_id, flags }) => [run_id, flags?.includes('not_utf8')])).toEqual([
    ['a', false],
    ['b', false],
  ]);
  expect(batch.rejections.map(({ payload }) => payload)).toEqual(['{\uFFFD']);
});

test('a line too large to land uncut is kept whole, masked, by the key of its event', () => {
  const message = `secret ${'x'.repeat(300_000)}`;
  const { events, oversized } = accept(`${line('a')}\n${line('b', { message })}`);
  expect(oversized).toEqual([
    { key: events[1]?.event_key, text: line('b', { message }).replaceAll('secret', '[masked]') },
  ]);
});

test('received = accepted + rejected, whatever comes and however it is cut into records', () => {
  const bytes = fc.oneof(
    fc.constantFrom(line('a'), line('b'), '{broken', '', '\r').map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 4 }).map((some) => Buffer.from(some)),
  );
  fc.assert(
    fc.property(fc.array(fc.array(bytes, { maxLength: 4 }), { maxLength: 4 }), (records) => {
      const lines = records.map((some) => some.flatMap((each) => [each, Buffer.from('\n')]));
      const apart = accept(...lines.map((some) => Buffer.concat(some)));
      const together = accept(Buffer.concat(lines.flat()));
      expect(apart.counts.received).toBe(apart.counts.accepted + apart.counts.rejected);
      expect(apart.lines).toEqual(together.lines);
      expect(apart.rejections).toEqual(together.rejections);
    }),
  );
});
