import { appendFile, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dateOf, type Instant, instantAfter } from '../../core/instant.ts';
import { makeFolder, PRIVATE_FILE } from './durable.ts';

export interface DailyLogOptions {
  /** Holds a folder for each day, `dt=YYYY-MM-DD`. */
  readonly folder: string;
  /** How long a day is kept, in days. */
  readonly keptDays: number;
  /** Lines beyond this size of a day's file are dropped. Default: 16 MiB. */
  readonly maxBytes?: number | undefined;
  /** Called when lines are dropped, once a day, and with each failure of the disk. */
  readonly onError: (error: unknown) => void;
}

/** Appends lines to one file a day. The caller does not wait, and never fails because of it. */
export interface DailyLog {
  append(line: string, at: Instant): void;
  /** Resolves once everything that was appended is written, or dropped. */
  written(): Promise<void>;
}

/** What waits for the disk at most; more is dropped. */
const MAX_WAITING = 1_000;
const DAY_MS = 86_400_000;

/** Keeps as many days as `keptDays`, each bounded: a log that anybody can write to must not fill the disk. */
export function openDailyLog({ folder, keptDays, maxBytes = 16 * 1024 * 1024, onError }: DailyLogOptions): DailyLog {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let open: Day | undefined;
  let fullOn: string | undefined;

  function drop(day: string, why: string): void {
    if (fullOn === day) return;
    fullOn = day;
    onError(new Error(`${folder} takes no more lines of ${day}: ${why}`));
  }

  async function write(line: string, at: Instant): Promise<void> {
    const day = dateOf(at);
    if (open?.day !== day) {
      open = await openDay(folder, day);
      await removeBefore(folder, dateOf(instantAfter(at, -keptDays * DAY_MS) ?? at));
    }
    const text = `${open.isTorn ? '\n' : ''}${line}\n`;
    const bytes = Buffer.byteLength(text);
    if (open.bytes + bytes > maxBytes) {
      drop(day, `its file would be larger than ${maxBytes} bytes`);
      return;
    }
    await appendFile(open.file, text, { mode: PRIVATE_FILE });
    open = { ...open, bytes: open.bytes + bytes, isTorn: false };
  }

  return {
    append: (line, at) => {
      if (waiting >= MAX_WAITING) {
        drop(dateOf(at), `more than ${MAX_WAITING} wait for the disk`);
        return;
      }
      waiting += 1;
      last = last
        .then(() => write(line, at))
        .catch((error: unknown) => {
          // The next line looks at the disk again.
          open = undefined;
          onError(error);
        })
        .finally(() => {
          waiting -= 1;
        });
    },
    written: () => last,
  };
}

interface Day {
  readonly day: string;
  readonly file: string;
  readonly bytes: number;
  /** A process that was killed left half a line at the end. */
  readonly isTorn: boolean;
}

async function openDay(folder: string, day: string): Promise<Day> {
  makeFolder(join(folder, `dt=${day}`));
  const file = join(folder, `dt=${day}`, 'lines.ndjson');
  const handle = await open(file, 'a+', PRIVATE_FILE);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return { day, file, bytes: size, isTorn: bytesRead === 1 && buffer[0] !== NEWLINE };
  } finally {
    await handle.close();
  }
}
const NEWLINE = 10;

async function removeBefore(folder: string, day: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const of = /^dt=(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1];
    if (of !== undefined && of < day) await rm(join(folder, name), { recursive: true, force: true });
  }
}
