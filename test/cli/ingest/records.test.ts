import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LINE_BYTES, MAX_RECORD_BYTES, recordsOf } from '../../../cli/ingest/records.ts';
import { piecesOf } from '../fakes.ts';

async function packed(
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ records: Buffer[]; tooLong: number; error?: unknown }> {
  const records: Buffer[] = [];
  let tooLong = 0;
  try {
    const onTooLong = () => {
      tooLong += 1;
    };
    for await (const record of recordsOf(pieces, { onTooLong })) {
      records.push(Buffer.from(record));
    }
  } catch (error) {
    return { records, tooLong, error };
  }
  return { records, tooLong };
}

async function* failing(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
  throw new Error('the disk went away');
}

describe('packing lines into records', () => {
  test('a small text is one record, line ends as they came', async () => {
    const { records } = await packed(piecesOf('{"a":1}\r\n{"b"', ':2}\r\n\n{"c":3}'));
    expect(records.map(String)).toEqual(['{"a":1}\r\n{"b":2}\r\n\n{"c":3}']);
  });

  test('nothing is no record', async () => {
    expect((await packed(piecesOf())).records).toEqual([]);
    expect((await packed(piecesOf(''))).records).toEqual([]);
  });

  test('records hold whole lines and at most 1,024,000 bytes', async () => {
    const line = `${'x'.repeat(99_999)}\n`;
    const { records } = await packed(piecesOf(line.repeat(25)));
    expect(records.map(({ length }) => length)).toEqual([1_000_000, 1_000_000, 500_000]);
  });

  test('a line of more than a record is a record of its own', async () => {
    const long = `${'y'.repeat(MAX_RECORD_BYTES + 5)}\n`;
    const { records, tooLong } = await packed(piecesOf('a\n', long, 'b\n'));
    expect(records.map(({ length }) => length)).toEqual([2, long.length, 2]);
    expect(tooLong).toBe(0);
  });

  test('a line of more than 4 MiB is left out and told, and those around it are not', async () => {
    const piece = 'z'.repeat(MAX_LINE_BYTES / 4);
    const { records, tooLong } = await packed(piecesOf('a\n', piece, piece, piece, piece, piece, 'zz\nb\n'));
    expect(records.map(String)).toEqual(['a\n', 'b\n']);
    expect(tooLong).toBe(1);
  });

  test('when the source fails, the whole lines before are given, then its failure', async () => {
    const { records, error } = await packed(failing('{"a":1}\n{"b":', '2,'));
    expect(records.map(String)).toEqual(['{"a":1}\n']);
    expect(error).toEqual(new Error('the disk went away'));
  });

  test('a last line that breaks off is given when it is whole JSON', async () => {
    const { records } = await packed(failing('{"a":1}\n{"b":2}'));
    expect(records.map(String)).toEqual(['{"a":1}\n{"b":2}']);
  });

  test('all records together are the text, however it came in pieces', async () => {
    const line = fc.oneof(
      fc.string(),
      fc.string({ minLength: 0, maxLength: 3 }),
      fc.constant('x'.repeat(300_000)),
      fc.constant('\r'),
    );
    const end = fc.constantFrom('\n', '\r\n', '\n\n');
    const text = fc.array(fc.tuple(line, end), { maxLength: 12 }).map((lines) => lines.flat().join(''));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('', '{"no":"end"}'),
        fc.integer({ min: 1, max: 700_000 }),
        async (lines, last, size) => {
          const bytes = Buffer.from(lines + last);
          // A large text in single bytes takes minutes and shows no more.
          const step = Math.max(size, Math.ceil(bytes.length / 300));
          const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
            bytes.subarray(at * step, (at + 1) * step),
          );
          const { records } = await packed(piecesOf(...pieces));
          expect(Buffer.concat(records).equals(bytes)).toBe(true);
          for (const [place, record] of records.entries()) {
            expect(record.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
            if (place < records.length - 1) expect(record.at(-1)).toBe(0x0a);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
