import { errorMessage } from '../../core/error-message.ts';
import { csvRows, eventOfRow } from '../../core/input/csv-rows.ts';
import { FORMAT_BYTES, formatOf } from '../../core/input/file-format.ts';
import { jsonValues } from '../../core/input/json-values.ts';
import { layoutOf, markLength } from '../../core/input/layout.ts';
import { gunzip, unzstd } from './inflate.ts';

/** So much of a text shows how its events are laid out. */
const LAYOUT_BYTES = 1024 * 1024;
/** A file within a file within a file is still meant; a bomb has no end. */
const MAX_PACKED = 3;

/** What was given is no file of events, and nothing of it was read: what it is, and what to do. */
export class NoEvents extends Error {
  override readonly name = 'NoEvents';
}

/** The rest cannot be read; what was before it was given. The message goes on from the name of the file. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

type Bytes = AsyncIterable<Uint8Array>;

/**
 * The NDJSON in a file of events: NDJSON, JSON laid out in any way, an array, CSV with a header; plain, gzip or zstd;
 * UTF-8 or UTF-16. The first bytes tell, not the name. Holds a mebibyte of it at most. Throws `NoEvents` before it gives
 * anything, and `Unreadable` after it gave everything that could be read.
 */
export async function* eventLinesOf(source: Bytes): AsyncGenerator<Uint8Array> {
  const text = await textOf(source);
  const { head, isWhole, all } = await peek(text, LAYOUT_BYTES);
  const layout = layoutOf(head, isWhole);
  if (layout.kind === 'none') throw new NoEvents(`is ${layout.is}; nothing of it was sent: ${layout.todo}`);
  const unmarked = withoutFirst(all, markLength(head));
  if (layout.kind === 'values') yield* valuesOf(unmarked);
  else if (layout.kind === 'csv') yield* rowsOf(unmarked, layout.csv);
  else yield* unmarked;
}

async function textOf(source: Bytes): Promise<Bytes> {
  let text = source;
  for (let packed = 0; packed <= MAX_PACKED; packed++) {
    const { head, all } = await peek(text, FORMAT_BYTES);
    const format = formatOf(head);
    switch (format.kind) {
      case 'text':
        return all;
      case 'utf-16le':
      case 'utf-16be':
        return decoded(all, format.kind);
      case 'gzip':
        text = orUnreadable(gunzip(all), 'gzip');
        break;
      case 'zstd':
        text = orUnreadable(unzstd(all), 'zstd');
        break;
      case 'other':
        throw new NoEvents(`is ${format.is}; nothing of it was sent: ${format.todo}`);
    }
  }
  throw new NoEvents(`is packed more than ${MAX_PACKED} times; nothing of it was sent: unpack it first`);
}

/** Reads ahead. A failure of the source comes only when `all` has given everything before it. */
async function peek(source: Bytes, sizeBytes: number): Promise<{ head: Uint8Array; isWhole: boolean; all: Bytes }> {
  const pieces = source[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let readBytes = 0;
  let isWhole = false;
  let failure: { readonly error: unknown } | undefined;
  while (readBytes < sizeBytes && !isWhole && failure === undefined) {
    try {
      const { done, value } = await pieces.next();
      if (done) isWhole = true;
      else {
        read.push(value);
        readBytes += value.length;
      }
    } catch (error) {
      failure = { error };
    }
  }
  const head = Buffer.concat(read, readBytes);
  const all = (async function* () {
    try {
      if (head.length > 0) yield head;
      if (failure !== undefined) throw failure.error;
      if (!isWhole) yield* { [Symbol.asyncIterator]: () => pieces };
    } finally {
      await pieces.return?.();
    }
  })();
  return { head, isWhole, all };
}

async function* orUnreadable(source: Bytes, format: string): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'Z_BUF_ERROR') {
      throw new Unreadable(`ends early: it is a ${format} file of which the rest is missing`, { cause });
    }
    if (!/^(Z_|ZSTD_)/.test(code)) throw cause;
    throw new Unreadable(`is damaged: it cannot be unpacked further (${errorMessage(cause)})`, { cause });
  }
}

async function* decoded(source: Bytes, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of source) yield Buffer.from(decoder.decode(piece, { stream: true }));
  yield Buffer.from(decoder.decode());
}

async function* withoutFirst(source: Bytes, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let left = sizeBytes;
  for await (const piece of source) {
    yield left === 0 ? piece : piece.subarray(left);
    left -= Math.min(left, piece.length);
  }
}

async function* valuesOf(text: Bytes): AsyncGenerator<Uint8Array> {
  const values = jsonValues();
  for await (const piece of text) yield values.push(piece);
  if (!values.isComplete()) throw new Unreadable('ends early: its JSON breaks off before the last bracket');
}

async function* rowsOf(text: Bytes, csv: Parameters<typeof eventOfRow>[0]): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  const rows = csvRows(csv.delimiter);
  let isHeader = true;
  const linesOf = (found: Iterable<readonly string[]>): Uint8Array => {
    const [...read] = found;
    if (isHeader && read.length > 0) {
      read.shift();
      isHeader = false;
    }
    return Buffer.from(read.map((row) => `${eventOfRow(csv, row)}\n`).join(''));
  };
  try {
    for await (const piece of text) yield linesOf(rows.push(decoder.decode(piece, { stream: true })));
    yield linesOf(rows.end());
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    throw new Unreadable(`cannot be read further: ${errorMessage(cause)}`, { cause });
  }
}
