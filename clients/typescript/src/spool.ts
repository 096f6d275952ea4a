import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface SpoolLimits {
  readonly bytes: number;
  readonly ageMs: number;
}

/** A file that this process alone is sending. */
export interface Claimed {
  readonly path: string;
  readonly name: string;
  /** Each with its line end. */
  readonly lines: readonly Uint8Array[];
}

/** When it was written, who wrote it, how many events and bytes it has: nobody needs to open it to know. */
const FILE = /^(\d{13})-[0-9a-f]{16}-(\d+)-(\d+)\.ndjson$/;
const SENDING = /^(.+\.ndjson)\.sending-[0-9a-f]{16}$/;
const HALF_WRITTEN = /^\.(.+\.ndjson)\.tmp$/;
/** A file that a process has been sending or writing for so long was left behind by one that died. */
const ABANDONED_MS = 900_000;

/**
 * What could not be sent, kept in files until it can be. Many processes may share a folder, those of the Python client
 * too; a crash at any moment loses no line that was written whole. It works at once, because the process may be ending.
 */
export class Spool {
  readonly folder: string;
  readonly #limits: SpoolLimits;
  readonly #now: () => number;

  /** `folder`: of all destinations; what waits for one is never sent to another. */
  constructor(folder: string, destination: string, limits: SpoolLimits, now: () => number) {
    const slug = destination.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
    const digest = createHash('sha256').update(destination).digest('hex').slice(0, 12);
    this.folder = join(folder, `${slug.slice(0, 40)}-${digest}`);
    this.#limits = limits;
    this.#now = now;
  }

  /** Returns how many older events were deleted to stay within the limits. Throws when nothing could be written. */
  write(lines: readonly Uint8Array[]): number {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const content = Buffer.concat(lines);
    const writtenMs = String(Math.trunc(this.#now())).padStart(13, '0');
    // Not by process id: containers that share a folder may have the same.
    const name = `${writtenMs}-${token()}-${lines.length}-${content.length}.ndjson`;
    const halfWritten = join(this.folder, `.${name}.tmp`);
    try {
      const file = openSync(halfWritten, 'wx', 0o600);
      try {
        writeFileSync(file, content);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(halfWritten, join(this.folder, name));
    } catch (error) {
      remove(halfWritten);
      throw error;
    }
    return this.#expire();
  }

  /** The oldest file that no other process is sending. */
  claim(): Claimed | undefined {
    for (const found of this.#waiting()) {
      const name = nameIn(found);
      const path = join(this.folder, `${name}.sending-${token()}`);
      const content = take(join(this.folder, found), path, this.#now());
      // Another process was faster.
      if (content === undefined) continue;
      const lines = wholeLines(content);
      if (lines.length > 0) return { path, name, lines };
      remove(path);
    }
    return undefined;
  }

  sent(claimed: Claimed): void {
    remove(claimed.path);
  }

  giveBack(claimed: Claimed): void {
    try {
      renameSync(claimed.path, join(this.folder, claimed.name));
    } catch {
      // It becomes free by itself after a while.
    }
  }

  #waiting(): readonly string[] {
    const abandonedBefore = this.#now() - ABANDONED_MS;
    return names(this.folder)
      .filter((name) => {
        if (FILE.test(name)) return true;
        if (!SENDING.test(name) && !HALF_WRITTEN.test(name)) return false;
        const writtenMs = modifiedMs(join(this.folder, name));
        return writtenMs !== undefined && writtenMs < abandonedBefore;
      })
      .sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
  }

  /** Deletes what is too old, then the oldest until the rest is within the limit; never the newest. */
  #expire(): number {
    const files = names(this.folder)
      .sort()
      .flatMap((name) => {
        const [, writtenMs, count, sizeBytes] = FILE.exec(name)?.map(Number) ?? [];
        return writtenMs === undefined ? [] : [{ name, writtenMs, count: count ?? 0, sizeBytes: sizeBytes ?? 0 }];
      });
    let total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let deleted = 0;
    for (const { name, writtenMs, count, sizeBytes } of files.slice(0, -1)) {
      if (total <= this.#limits.bytes && writtenMs >= this.#now() - this.#limits.ageMs) break;
      total -= sizeBytes;
      if (remove(join(this.folder, name))) deleted += count;
    }
    return deleted;
  }
}

const token = (): string => randomBytes(8).toString('hex');

/** The name that a file had when it was written. */
const nameIn = (name: string): string => SENDING.exec(name)?.[1] ?? HALF_WRITTEN.exec(name)?.[1] ?? name;

/** Its content, once this process alone has it. */
function take(from: string, to: string, nowMs: number): Buffer | undefined {
  try {
    renameSync(from, to);
    utimesSync(to, nowMs / 1000, nowMs / 1000);
    return readFileSync(to);
  } catch {
    return undefined;
  }
}

/** A half-written file ends within a line. */
function wholeLines(content: Buffer): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0, end = content.indexOf(10); end >= 0; from = end + 1, end = content.indexOf(10, from))
    lines.push(content.subarray(from, end + 1));
  return lines;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function modifiedMs(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}

function remove(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}
