import { SingleBar } from 'cli-progress';
import { counted } from '../../core/format.ts';
import type { Output } from '../io.ts';
import { bytesShown } from '../screen/format.ts';

/** How far reading has come. Does nothing where there is no terminal, or when it is over in a moment. */
export interface Progress {
  read(bytes: number): void;
  taken(lines: number): void;
  stop(): void;
}

const LONG_BYTES = 16 * 1024 * 1024;

/** A bar on a terminal, for files of 16 MiB and more together. */
export function progressOf(stream: Output, totalBytes: number | undefined): Progress {
  if (stream.isTTY !== true || totalBytes === undefined || totalBytes < LONG_BYTES) {
    return { read: () => undefined, taken: () => undefined, stop: () => undefined };
  }
  const bar = new SingleBar({
    format: '{bar} {percentage}% of {size}, {lines}',
    stream,
    barCompleteChar: '━',
    barIncompleteChar: '·',
    clearOnComplete: true,
    hideCursor: true,
  });
  let bytesRead = 0;
  let lines = counted(0, 'line');
  const size = bytesShown(totalBytes);
  bar.start(totalBytes, 0, { size, lines });
  return {
    read: (bytes) => {
      bytesRead += bytes;
      bar.update(bytesRead, { size, lines });
    },
    taken: (count) => {
      lines = counted(count, 'line');
      bar.update(bytesRead, { size, lines });
    },
    stop: () => bar.stop(),
  };
}
