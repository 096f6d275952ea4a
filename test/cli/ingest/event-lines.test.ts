import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventLinesOf, NoEvents, Unreadable } from '../../../cli/ingest/event-lines.ts';
import { piecesOf } from '../fakes.ts';

/** Everything that is given, and how it ended. */
async function read(...pieces: readonly (string | Uint8Array)[]): Promise<{ text: string; error?: unknown }> {
  const given: Uint8Array[] = [];
  try {
    for await (const piece of eventLinesOf(piecesOf(...pieces))) given.push(Uint8Array.from(piece));
  } catch (error) {
    return { text: Buffer.concat(given).toString(), error };
  }
  return { text: Buffer.concat(given).toString() };
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const NDJSON = '{"a":1}\r\n\n{"b":"é"}\n{"c":3}';
/** Does not shrink much, so that a file of it is many pieces long. */
const LONG = Array.from({ length: 60_000 }, (_, at) => `{"line":${at},"noise":"${Math.sin(at)}"}\n`).join('');

test.each<readonly [string, string | Uint8Array]>([
  ['plain', NDJSON],
  ['UTF-8 with a byte order mark', `\ufeff${NDJSON}`],
  ['UTF-16 LE with its mark', Buffer.from(`\ufeff${NDJSON}`, 'utf16le')],
  ['UTF-16 LE without a mark', Buffer.from(NDJSON, 'utf16le')],
  ['UTF-16 BE with its mark', Buffer.from(`\ufeff${NDJSON}`, 'utf16le').swap16()],
  ['gzip', gzipSync(NDJSON)],
  ['gzip in gzip', gzipSync(gzipSync(NDJSON))],
  ['gzip with several members', Buffer.concat([gzipSync('{"a":1}\r\n\n'), gzipSync('{"b":"é"}\n{"c":3}')])],
  ['gzip padded with zeros', Buffer.concat([gzipSync(NDJSON), Buffer.alloc(512)])],
  ['zstd', zstdCompressSync(NDJSON)],
  [
    'zstd with several frames',
    Buffer.concat([zstdCompressSync('{"a":1}\r\n\n{"b'), zstdCompressSync('":"é"}\n{"c":3}')]),
  ],
])('NDJSON comes as it is: %s, in pieces of any size', async (_, file) => {
  for (const size of [1, 7, 1_000]) expect(await read(...cut(Buffer.from(file), size))).toEqual({ text: NDJSON });
});

test('JSON in another layout becomes lines, whatever the sizes of the pieces', async () => {
  const events = Array.from({ length: 20 }, (_, n) => ({ n, text: '[{"}' }));
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const aFile = fc.constantFrom(
    JSON.stringify(events),
    `[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]\n`,
    events.map((event) => JSON.stringify(event)).join(''),
  );
  await fc.assert(
    fc.asyncProperty(aFile, fc.integer({ min: 1, max: 500 }), async (file, size) => {
      expect(await read(...cut(Buffer.from(file), size))).toEqual({ text: lines });
    }),
  );
});

test('an array of many megabytes', async () => {
  const events = LONG.trim().split('\n').join(',');
  expect(await read(gzipSync(`[${events}]`))).toEqual({ text: LONG });
});

test('each row of CSV is an event', async () => {
  const csv = '\ufeffpipeline_name,run_id,status,note\r\nload,1,SUCCESS,"a, ""b"""\r\nload,2,FAILED,\r\n';
  expect(await read(...cut(Buffer.from(csv), 5))).toEqual({
    text: '{"pipeline_name":"load","run_id":"1","status":"SUCCESS","note":"a, \\"b\\""}\n{"pipeline_name":"load","run_id":"2","status":"FAILED"}\n',
  });
});

test('nothing, and blank lines, are no lines', async () => {
  expect(await read()).toEqual({ text: '' });
  expect(await read('\n \n')).toEqual({ text: '\n \n' });
});

describe('what is no file of events gives nothing and is named', () => {
  const zipped = Buffer.from('PK\u0003\u0004');
  test.each<readonly [string, string | Uint8Array]>([
    ['is a zip archive', zipped],
    ['is a zip archive', gzipSync(zipped)],
    ['is a tar archive', gzipSync(Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\u000000'), Buffer.alloc(600)]))],
    ['is text without a JSON object', gzipSync('it began\nit ended\n')],
    ['is packed more than 3 times', gzipSync(gzipSync(gzipSync(gzipSync(NDJSON))))],
  ])('%s', async (is, file) => {
    const { text, error } = await read(file);
    expect(text).toBe('');
    expect(error).toBeInstanceOf(NoEvents);
    expect((error as Error).message.startsWith(`${is}; nothing of it was sent: `)).toBe(true);
  });
});

describe('what breaks off gives everything that is there, then says why', () => {
  test.each<readonly [string, Uint8Array]>([
    ['gzip', gzipSync(LONG)],
    ['zstd', zstdCompressSync(LONG)],
  ])('%s that ends early', async (format, file) => {
    const { text, error } = await read(...cut(file.subarray(0, file.length / 2), 100_000));
    expect(error).toEqual(new Unreadable(`ends early: it is a ${format} file of which the rest is missing`));
    expect(text.length).toBeGreaterThan(LONG.length / 3);
    expect(LONG.startsWith(text)).toBe(true);
  });

  test('gzip that only lacks its last bytes', async () => {
    const { text, error } = await read(gzipSync(NDJSON).subarray(0, -8));
    expect(text).toBe(NDJSON);
    expect(error).toBeInstanceOf(Unreadable);
  });

  test('gzip that is damaged', async () => {
    const file = gzipSync(LONG);
    file.fill(0xff, file.length - 20_000, file.length - 19_000);
    const { text, error } = await read(file);
    expect(error).toMatchObject({ message: expect.stringMatching(/^is damaged: it cannot be unpacked further/) });
    expect(text.length).toBeGreaterThan(LONG.length / 2);
  });

  test('zstd with something else behind it', async () => {
    const { text, error } = await read(zstdCompressSync(NDJSON), 'what is this? no frame');
    expect(text).toBe(NDJSON);
    expect(error).toMatchObject({ message: expect.stringMatching(/^is damaged/) });
  });

  test('an array that is not closed', async () => {
    const { text, error } = await read('[{"a":1},\n{"b"');
    expect(text).toBe('{"a":1}\n{"b"');
    expect(error).toEqual(new Unreadable('ends early: its JSON breaks off before the last bracket'));
  });
});
