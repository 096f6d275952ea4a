import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { PACKED_SUFFIX } from '../../core/object-keys.ts';

/** The folder in the root that DuckDB may write to and read from. */
export const SPILL = 'spill';
/** DuckDB refuses a file with a longer line. */
export const MAX_LINE_BYTES = 2_097_152;

/**
 * The file of an object, plain or packed, when DuckDB can read it as it is, as it nearly always can. Of one that it would
 * refuse whole, for a byte that is not UTF-8 or a line beyond its limit, a copy in which only those lines are cut off:
 * they are no JSON any more, so they are counted as unreadable. Throws when the file cannot be read.
 */
export function readableFile(root: string, object: string): { readonly file: string; readonly isCopy: boolean } {
  const plain = join(root, object);
  const isPacked = !existsSync(plain) && existsSync(`${plain}${PACKED_SUFFIX}`);
  const file = isPacked ? `${plain}${PACKED_SUFFIX}` : plain;
  const { size, mtimeMs } = statSync(file);
  const known = lastSound.get(file);
  if (known === `${size} ${mtimeMs}`) return { file, isCopy: false };
  const copy = join(root, SPILL, `readable-${object.replaceAll('/', '_')}-${size}-${Math.floor(mtimeMs)}`);
  if (existsSync(copy)) return { file: copy, isCopy: true };
  const content = isPacked ? zstdDecompressSync(readFileSync(file)) : readFileSync(file);
  if (isReadable(content)) {
    if (lastSound.size >= MAX_KNOWN) lastSound.clear();
    lastSound.set(file, `${size} ${mtimeMs}`);
    return { file, isCopy: false };
  }
  writeFileSync(`${copy}.tmp`, Buffer.concat([...readableLines(content)]), { mode: 0o600 });
  renameSync(`${copy}.tmp`, copy);
  return { file: copy, isCopy: true };
}

/** Removes the copies that an earlier process made. */
export function removeCopies(folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith('readable-')) rmSync(join(folder, name), { force: true });
}

/** The files that were read last and need no copy: each statement over a list of objects asks again. */
const lastSound = new Map<string, string>();
const MAX_KNOWN = 4096;

const NEWLINE = 0x0a;

function isReadable(content: Buffer): boolean {
  if (!isUtf8(content)) return false;
  if (content.length < MAX_LINE_BYTES) return true;
  for (const line of linesOf(content)) if (line.length > MAX_LINE_BYTES) return false;
  return true;
}

/** The replacement character is valid nowhere in JSON but in a text, and a text that ends in it has no end. */
const CUT = Buffer.from('\uFFFD\n');
/** Enough to keep the stamps, by which the line is known. */
const KEPT_BYTES = 1024;

function* readableLines(content: Buffer): Generator<Buffer> {
  for (const line of linesOf(content)) {
    if (isUtf8(line) && line.length <= MAX_LINE_BYTES) yield line;
    else yield* [Buffer.from(soundStartOf(line)), CUT];
  }
}

/** With their ends. */
function* linesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline === -1 ? content.length : newline + 1;
    yield content.subarray(start, end);
    start = end;
  }
}

function soundStartOf(line: Buffer): string {
  const text = line.toString('utf8', 0, KEPT_BYTES).replace(/\n$/, '');
  const damage = text.indexOf('\uFFFD');
  return damage === -1 ? text : text.slice(0, damage);
}
