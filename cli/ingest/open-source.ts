import { createReadStream, statSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { EXIT, Stop } from '../exit-code.ts';

const READ_BYTES = 256 * 1024;

/** A file to be read once, or standard input for `-`. */
export interface Source {
  readonly name: string;
  /** As it lies on the disk; unknown for standard input and pipes. */
  readonly sizeBytes: number | undefined;
  /** Its bytes. `onRead` is called with how many more were read; reading fails once the signal is aborted. */
  readonly read: (signal: AbortSignal, onRead?: (bytes: number) => void) => AsyncIterable<Uint8Array>;
}

/** Throws when there is no such file. */
export function openSource(file: string, stdin: Readable): Source {
  if (file === '-') {
    return {
      name: 'standard input',
      sizeBytes: undefined,
      read: (signal, onRead) => counted(addAbortSignal(signal, stdin), onRead),
    };
  }
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new Stop(EXIT.failure, `there is no file ${file}`);
  if (stats.isDirectory())
    throw new Stop(EXIT.failure, `expected a file, but ${file} is a folder; name the files in it`);
  return {
    name: file,
    sizeBytes: stats.isFile() ? stats.size : undefined,
    read: (signal, onRead) => counted(createReadStream(file, { highWaterMark: READ_BYTES, signal }), onRead),
  };
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    onRead(piece.length);
    yield piece;
  }
}
