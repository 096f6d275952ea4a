import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  halfWrittenName,
  nameIn,
  nameOf,
  namesIn,
  sendingName,
  spoolFile,
  waitingIn,
  waitingNames,
} from './spool-files.ts';

export interface SpoolLimits {
  readonly bytes: number;
  readonly ageMs: number;
}

/** Files that this process alone is sending: what they are called meanwhile, and were called. */
export interface Claimed {
  readonly files: readonly { readonly path: string; readonly name: string }[];
  /** Each with its line end. */
  readonly lines: readonly Uint8Array[];
}

/**
 * The limits are looked at once a minute, and each time that so large a part of the bytes was written: by so much they
 * may be exceeded.
 */
const CHECK_MS = 60_000;
const CHECKS = 64;

/**
 * What could not be sent, kept in files until it can be. Many processes may share a folder, those of the Python client
 * and of `runledger-exec` too; a crash at any moment loses no line that was written whole. It works at once, because the process may be ending.
 */
export class Spool {
  readonly folder: string;
  readonly #limits: SpoolLimits;
  readonly #now: () => number;
  /** What was written since the limits were last looked at, and when that was. */
  #uncheckedBytes = 0;
  #checkedMs = Number.NEGATIVE_INFINITY;
  /** Names not tried yet, the oldest last: after days without a ledger, listing them for each would take hours. */
  #listed: string[] = [];

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
    // Not by process id: containers that share a folder may have the same.
    const name = nameOf(this.#now(), token(), lines.length, content.length);
    const halfWritten = join(this.folder, halfWrittenName(name));
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
    this.#uncheckedBytes += content.length;
    return this.#isToBeChecked() ? this.#expire() : 0;
  }

  /** The oldest file that no other process is sending, and those after it that together have at most `maxBytes`. */
  claim(maxBytes = 0): Claimed | undefined {
    const files: { readonly path: string; readonly name: string }[] = [];
    const lines: Uint8Array[] = [];
    let sizeBytes = 0;
    for (const found of this.#oldestFirst()) {
      const name = nameIn(found);
      sizeBytes += spoolFile(name)?.sizeBytes ?? 0;
      if (files.length > 0 && sizeBytes > maxBytes) {
        this.#listed.push(found);
        break;
      }
      const path = join(this.folder, sendingName(name, token()));
      const content = take(join(this.folder, found), path, this.#now());
      // Another process was faster.
      if (content === undefined) continue;
      const whole = wholeLines(content);
      if (whole.length === 0) remove(path);
      else {
        files.push({ path, name });
        lines.push(...whole);
      }
    }
    return files.length > 0 ? { files, lines } : undefined;
  }

  sent(claimed: Claimed): void {
    for (const { path } of claimed.files) remove(path);
  }

  giveBack(claimed: Claimed): void {
    this.#listed = [];
    for (const { path, name } of claimed.files) {
      try {
        renameSync(path, join(this.folder, name));
      } catch {
        // It becomes free by itself after a while.
      }
    }
  }

  /** How many files wait, and how many events are in them. */
  waiting(): { readonly files: number; readonly events: number } {
    return waitingIn(this.folder, this.#now());
  }

  /** Of the last list, and when that is empty of a new one. */
  *#oldestFirst(): Generator<string> {
    for (let isNew = false; !isNew; ) {
      isNew = this.#listed.length === 0;
      if (isNew) this.#listed = [...waitingNames(this.folder, this.#now())].reverse();
      for (let name = this.#listed.pop(); name !== undefined; name = this.#listed.pop()) yield name;
    }
  }

  /** A list of all files costs the more the longer the ledger is away: not with every write. */
  #isToBeChecked(): boolean {
    const sinceMs = Math.abs(this.#now() - this.#checkedMs);
    return sinceMs >= CHECK_MS || this.#uncheckedBytes >= this.#limits.bytes / CHECKS;
  }

  /** Deletes what is too old, then the oldest until the rest is within the limit; never the newest. */
  #expire(): number {
    this.#uncheckedBytes = 0;
    this.#checkedMs = this.#now();
    const files = namesIn(this.folder)
      .sort()
      .flatMap((name) => spoolFile(name) ?? []);
    let total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let deleted = 0;
    for (const { name, writtenMs, events, sizeBytes } of files.slice(0, -1)) {
      if (total <= this.#limits.bytes && writtenMs >= this.#now() - this.#limits.ageMs) break;
      total -= sizeBytes;
      if (remove(join(this.folder, name))) deleted += events;
    }
    return deleted;
  }
}

const token = (): string => randomBytes(8).toString('hex');

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

function remove(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}
