import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { EXIT, Stop } from '../exit-code.ts';
import { inflate } from './inflate.ts';

const READ_BYTES = 256 * 1024;

/** A file to be read once, or standard input for `-`. */
export interface Source {
  readonly name: string;
  /** As it lies on the disk; unknown for standard input and pipes. */
  readonly sizeBytes: number | undefined;
  /** Its text, gunzipped when it begins as gzip does. `onRead` is called with how many more bytes of the file were read. */
  readonly read: (onRead?: (bytes: number) => void) => AsyncIterable<Uint8Array>;
}

/** Throws when there is no such file. */
export function openSource(file: string, stdin: Readable): Source {
  if (file === '-') return { name: 'standard input', sizeBytes: undefined, read: (onRead) => unzipped(stdin, onRead) };
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new Stop(EXIT.failure, `there is no file ${file}`);
  if (stats.isDirectory())
    throw new Stop(EXIT.failure, `expected a file, but ${file} is a folder; name the files in it`);
  return {
    name: file,
    sizeBytes: stats.isFile() ? stats.size : undefined,
    read: (onRead) => unzipped(createReadStream(file, { highWaterMark: READ_BYTES }), onRead),
  };
}

/** The magic number tells, not the name. It may come in two pieces from a pipe. */
async function* unzipped(
  source: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const pieces = counted(source, onRead);
  let head: Uint8Array = new Uint8Array();
  while (head.length < 2) {
    const { done, value } = await pieces.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  const whole = (async function* () {
    yield head;
    yield* pieces;
  })();
  yield* head[0] === 0x1f && head[1] === 0x8b ? inflate(whole) : whole;
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array, undefined> {
  for await (const piece of source) {
    onRead(piece.length);
    yield piece;
  }
  return undefined;
}
