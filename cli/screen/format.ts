import { stripVTControlCharacters } from 'node:util';

/** What stands where nobody knows. */
export const UNKNOWN = '–';

/** 1234567 as `1,234,567`. */
export const countShown = (count: number | null): string => (count === null ? UNKNOWN : count.toLocaleString('en-US'));

/** A count and its noun: `1 line`, `2,000 lines`. */
export const counted = (count: number, noun: string): string => `${countShown(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `850 ms`, `1.2 s`, `4m 10s`, `1h 03m`, `2d 04h`: cut, never rounded up. */
export function durationShown(durationMs: number | null): string {
  if (durationMs === null) return UNKNOWN;
  if (durationMs < 1000) return `${Math.floor(durationMs)} ms`;
  if (durationMs < 60_000) return `${(Math.floor(durationMs / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(durationMs / 1000);
  const two = (count: number): string => String(count).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ${two(Math.floor(seconds / 60) % 60)}m`;
  return `${Math.floor(seconds / 86_400)}d ${two(Math.floor(seconds / 3600) % 24)}h`;
}

const BYTE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `999 B`, `1.2 GB`; a kB is 1000 bytes. */
export function bytesShown(bytes: number | null): string {
  if (bytes === null) return UNKNOWN;
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let place = -1;
  // What would round to 1000 belongs to the next unit.
  while (value >= 999.95 && place < BYTE_UNITS.length - 1) {
    value /= 1000;
    place += 1;
  }
  return `${value.toFixed(1)} ${BYTE_UNITS[place]}`;
}

/** An estimate: `about $0.0123`, `about $12.30`, `less than $0.0001`. */
export function dollarsShown(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars < 0.0001) return 'less than $0.0001';
  return `about $${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
}

/** `2025-11-05T10:22:31.123Z` as `2025-11-05 10:22:31`, UTC. */
export const instantShown = (instant: string | null): string =>
  instant === null ? UNKNOWN : instant.slice(0, 19).replace('T', ' ');

/** A cell of somebody's own question: numbers readable, instants without their letters, structures as JSON. */
export function cellShown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return numberShown(value);
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)
    ? text.replace('T', ' ').replace('Z', '').replace('.000', '')
    : text;
}

/** Years and other small integers stay as they are. */
function numberShown(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 10_000 ? String(value) : value.toLocaleString('en-US');
  if (Math.abs(value) < 0.001) return String(Number(value.toPrecision(3)));
  return value.toLocaleString('en-US', { maximumFractionDigits: 3, useGrouping: Math.abs(value) >= 10_000 });
}

/**
 * Text of others, safe for a terminal: no escape sequences, one line, read in the order it is written. Run names,
 * messages and payloads are whatever a producer sent.
 */
export const plain = (text: string): string =>
  SUSPICIOUS.test(text)
    ? stripVTControlCharacters(text.replace(/\r?\n/g, ' ')).replace(CONTROLS, ' ').replace(INVISIBLE, '')
    : text;

const SUSPICIOUS = /[^\x20-\x7e]/;
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** NotificationLog that turn the direction of what follows, and lone surrogates. */
const INVISIBLE = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cs}]/gu;

/** JSON that no terminal takes for commands: `JSON.stringify` leaves DEL and the C1 controls as they are. */
export const jsonShown = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[\x7f-\x9f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
