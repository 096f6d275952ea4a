import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../src/event.ts';
import { lineOf, MAX_RECORD_BYTES } from '../src/line.ts';
import { packCall } from '../src/pack.ts';

const anEvent = (columns: Record<string, unknown> = {}): Event => ({
  event_id: 'e1',
  event_type: 'CHECKPOINT',
  run_id: 'r1',
  process_name: 'orders',
  run_attempt: 1,
  created_at: '2026-11-03T12:00:00.000Z',
  schema_version: '1',
  producer: { name: 'test', version: '1', instance_id: 'i1', seq: 1 },
  ...columns,
});

const parsed = (line: Uint8Array): Record<string, unknown> =>
  JSON.parse(Buffer.from(line).toString()) as Record<string, unknown>;
const unicode = fc.string({ unit: 'binary' });

describe('a line', () => {
  test('is the event as JSON in UTF-8, with one line end', () => {
    const line = Buffer.from(lineOf(anEvent({ message: 'Zürich\n→ 東京 🚄' }))).toString();

    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual(anEvent({ message: 'Zürich\n→ 東京 🚄' }));
  });

  test('has its values masked, its names not', () => {
    const line = lineOf(
      anEvent({
        process_name: 'mail to bob@example.com',
        message: 'mail to bob@example.com',
        params: { db_password: 'hunter2', to: 'bob@example.com' },
        error: { message: 'https://x:y@host refused', stack_trace: 'at bob@example.com' },
        user: ' Bob@Example.com ',
      }),
    );

    expect(parsed(line)).toMatchObject({
      process_name: 'mail to bob@example.com',
      message: 'mail to [email]',
      params: { db_password: '[secret]', to: '[email]' },
      error: { message: 'https://x:[password]@host refused', stack_trace: 'at [email]' },
      user: '[email]',
    });
  });

  test('has well-formed text, whatever it was given', () => {
    const line = lineOf(anEvent({ message: 'a\ud800b\0c', params: { 'k\udfff': 'v' } }));

    expect(parsed(line)).toMatchObject({ message: 'a\ufffdb\ufffdc', params: { 'k\ufffd': 'v' } });
  });

  test('that is too large has its largest free text cut, with a mark, and keeps the rest', () => {
    const line = lineOf(
      anEvent({ message: 'short', error: { error_code: 'D201', stack_trace: '🚄'.repeat(400_000) } }),
    );

    expect(line.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    expect(line.length).toBeGreaterThan(MAX_RECORD_BYTES - 1_000_000);
    const { message, error } = parsed(line) as { message: string; error: { error_code: string; stack_trace: string } };
    expect([message, error.error_code]).toEqual(['short', 'D201']);
    expect(error.stack_trace).toMatch(/🚄…\[cut\]$/u);
    expect(error.stack_trace.isWellFormed()).toBe(true);
  });

  test('with too many small values loses what only describes, and keeps what happened', () => {
    const params = Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`param_${n}`, `value ${n}`]));

    const line = parsed(lineOf(anEvent({ event_type: 'RUN_END', status: 'FAILED', params, message: 'kept' })));

    expect(line).toMatchObject({ event_type: 'RUN_END', status: 'FAILED', message: 'kept', run_id: 'r1' });
    expect(line).not.toHaveProperty('params');
  });

  test('never halves a secret when a text is longer than a record', () => {
    const secret = 'AKIAIOSFODNN7EXAMPLE ';
    const line = Buffer.from(lineOf(anEvent({ message: secret.repeat(60_000) }))).toString();

    expect(line.endsWith(' [aws-access-key]…[cut]"}\n')).toBe(true);
    expect(line.includes('AKIA')).toBe(false);
  });

  test('fits and can be read, for any text anywhere', () => {
    fc.assert(
      fc.property(
        unicode,
        unicode,
        fc.dictionary(unicode, unicode),
        fc.nat({ max: 300_000 }),
        (a, b, params, repeats) => {
          const line = lineOf(anEvent({ process_name: a, message: b.repeat(repeats), params }));
          expect(line.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
          expect(line.at(-1)).toBe(10);
          expect(line.subarray(0, -1)).not.toContain(10);
          expect(parsed(line).process_name).toBe(a.toWellFormed().replaceAll('\0', '\ufffd'));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('packing', () => {
  test('loses nothing, keeps the order, splits no line, and keeps every limit', () => {
    const limits = { recordBytes: 1_000, callRecords: 3, callBytes: 2_500 };
    fc.assert(
      fc.property(fc.array(unicode, { maxLength: 40 }), (messages) => {
        const lines = messages.map((message) => ({ bytes: lineOf(anEvent({ message })) }));
        let rest = lines;
        const packed: (typeof lines)[number][] = [];
        while (rest.length > 0) {
          const records = packCall(rest, limits);
          expect(records.length).toBeGreaterThan(0);
          expect(records.length).toBeLessThanOrEqual(limits.callRecords);
          const sizes = records.map(({ lines }) => lines.reduce((bytes, line) => bytes + line.bytes.length, 0));
          expect(records.map((record) => record.sizeBytes)).toEqual(sizes);
          expect(sizes.every((size, place) => size <= limits.recordBytes || records[place]?.lines.length === 1)).toBe(
            true,
          );
          const taken = records.flatMap((record) => record.lines);
          expect(sizes.reduce((a, b) => a + b, 0) <= limits.callBytes || taken.length === 1).toBe(true);
          packed.push(...taken);
          rest = rest.slice(taken.length);
        }
        expect(packed).toEqual(lines);
      }),
    );
  });

  test('fills a record up to its last byte', () => {
    const lines = [600, 400, 1].map((size) => ({ bytes: new Uint8Array(size) }));

    const records = packCall(lines, { recordBytes: 1_000, callRecords: 500, callBytes: 10_000 });

    expect(records.map((record) => record.sizeBytes)).toEqual([1_000, 1]);
  });
});
