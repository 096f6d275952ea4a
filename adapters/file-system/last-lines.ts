import { open } from 'node:fs/promises';
import { isMissingFile } from './missing-file.ts';

/** What of a file is looked at. */
const MAX_BYTES = 2_000;

/** The last lines of a file, whole ones as far as they are; empty where there is no file. */
export async function lastLinesOf(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const from = Math.max(0, size - MAX_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    const firstEnd = text.indexOf('\n');
    return (from > 0 && firstEnd >= 0 ? text.slice(firstEnd + 1) : text).trim();
  } catch (error) {
    if (isMissingFile(error)) return '';
    throw error;
  }
}
