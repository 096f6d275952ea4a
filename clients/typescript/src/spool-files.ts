import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** When it was written, who wrote it, how many events and bytes it has: nobody needs to open it to know. */
const FILE = /^(\d{13})-[0-9a-f]{16}-(\d+)-(\d+)\.ndjson$/;
const SENDING = /^(.+\.ndjson)\.sending-[0-9a-f]{16}$/;
const HALF_WRITTEN = /^\.(.+\.ndjson)\.tmp$/;
/** A file that a process has been sending or writing for so long was left behind by one that died. */
const ABANDONED_MS = 900_000;

/** A file of a spool, as its name tells. */
export interface SpoolFile {
  readonly name: string;
  readonly writtenMs: number;
  readonly events: number;
  readonly sizeBytes: number;
}

export const nameOf = (writtenMs: number, token: string, events: number, sizeBytes: number): string =>
  `${String(Math.trunc(writtenMs)).padStart(13, '0')}-${token}-${events}-${sizeBytes}.ndjson`;
export const sendingName = (name: string, token: string): string => `${name}.sending-${token}`;
export const halfWrittenName = (name: string): string => `.${name}.tmp`;

/** The name that a file had when it was written. */
export const nameIn = (name: string): string => SENDING.exec(name)?.[1] ?? HALF_WRITTEN.exec(name)?.[1] ?? name;

/** Undefined: it is no file of a spool, or one that a process is sending or writing. */
export function spoolFile(name: string): SpoolFile | undefined {
  const [, writtenMs, events, sizeBytes] = FILE.exec(name)?.map(Number) ?? [];
  return writtenMs === undefined ? undefined : { name, writtenMs, events: events ?? 0, sizeBytes: sizeBytes ?? 0 };
}

/** The files that wait to be sent, the oldest first; those too that a process left behind when it died. */
export function waitingNames(folder: string, nowMs: number): readonly string[] {
  return namesIn(folder)
    .filter((name) => spoolFile(name) !== undefined || isAbandoned(folder, name, nowMs))
    .sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
}

export function waitingIn(folder: string, nowMs: number): { readonly files: number; readonly events: number } {
  const files = waitingNames(folder, nowMs).flatMap((name) => spoolFile(nameIn(name)) ?? []);
  return { files: files.length, events: files.reduce((sum, { events }) => sum + events, 0) };
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAbandoned(folder: string, name: string, nowMs: number): boolean {
  if (!SENDING.test(name) && !HALF_WRITTEN.test(name)) return false;
  try {
    return statSync(join(folder, name)).mtimeMs < nowMs - ABANDONED_MS;
  } catch {
    return false;
  }
}
