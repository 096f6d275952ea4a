import {
  closeSync,
  type Dirent,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '../../core/error-message.ts';
import { syncFolder } from './durable.ts';
import { isMissingFile } from './missing-file.ts';
import { fileOf, OPEN_SUFFIX } from './object-key.ts';
import type { Sealed } from './segment.ts';

/**
 * Seals the segments that a process left open when it died, and returns them ordered by key. It cuts off a torn last
 * line, which the ledger never acknowledged, and removes a segment without a whole line. Only the process that owns the
 * folder may call it, before it writes. Throws when a segment cannot be sealed.
 */
export function recoverSegments(root: string, prefix: string): readonly Sealed[] {
  return [...leftovers(root, prefix)].flatMap((object) => {
    try {
      return recovered(object, fileOf(root, object)) ?? [];
    } catch (error) {
      const got = errorMessage(error);
      throw new Error(
        `Expected to seal ${object}, left open in ${root}, got: ${got}. Check that it can be written, then start again.`,
        { cause: error },
      );
    }
  });
}

function* leftovers(root: string, within: string): Generator<string> {
  const entries = entriesOf(fileOf(root, within)).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const key = `${within}/${entry.name}`;
    if (entry.isDirectory()) yield* leftovers(root, key);
    else if (entry.name.endsWith(`.ndjson${OPEN_SUFFIX}`)) yield key.slice(0, -OPEN_SUFFIX.length);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}

function recovered(object: string, file: string): Sealed | undefined {
  const left = `${file}${OPEN_SUFFIX}`;
  const { lines, size_bytes } = cutToWholeLines(left);
  if (lines === 0) {
    rmSync(left);
    return undefined;
  }
  renameSync(left, file);
  syncFolder(dirname(file));
  return { object, lines, size_bytes };
}

function cutToWholeLines(file: string): Omit<Sealed, 'object'> {
  const fd = openSync(file, 'r+');
  try {
    const size_bytes = endOfLastLine(fd, fstatSync(fd).size);
    ftruncateSync(fd, size_bytes);
    fsyncSync(fd);
    return { lines: linesOf(fd, size_bytes), size_bytes };
  } finally {
    closeSync(fd);
  }
}

const CHUNK_BYTES = 65_536;
const LINE_BREAK = 0x0a;

/** Reads from the end, because a torn line is short and the file may be large. */
function endOfLastLine(fd: number, sizeBytes: number): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let end = sizeBytes; end > 0; ) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const read = readSync(fd, chunk, 0, end - start, start);
    const index = chunk.subarray(0, read).lastIndexOf(LINE_BREAK);
    if (index >= 0) return start + index + 1;
    end = start;
  }
  return 0;
}

function linesOf(fd: number, sizeBytes: number): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let lines = 0;
  for (let start = 0; start < sizeBytes; ) {
    const read = readSync(fd, chunk, 0, CHUNK_BYTES, start);
    if (read === 0) break;
    for (let at = chunk.indexOf(LINE_BREAK); at >= 0 && at < read; at = chunk.indexOf(LINE_BREAK, at + 1)) lines++;
    start += read;
  }
  return lines;
}
