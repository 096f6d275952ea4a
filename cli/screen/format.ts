import { stripVTControlCharacters } from 'node:util';
import { durationShown, UNKNOWN } from '../../core/format.ts';

const BYTE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `999 B`, `1.2 GB`; a kB is 1000 bytes. */
export function bytesShown(bytes: number | null): string {
  if (bytes === null) return UNKNOWN;
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = -1;
  // What would round to 1000 belongs to the next unit.
  while (value >= 999.95 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** An estimate: `about $0.0123`, `about $12.30`, `less than $0.0001`. */
export function dollarsShown(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars < 0.0001) return 'less than $0.0001';
  return `about $${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
}

/** A duration in its two largest units, as short as can be: `850ms`, `12s`, `4m10s`, `3h5m`, `12d`. Cut, never rounded up. */
export const shortDuration = (durationMs: number | null): string =>
  durationMs === null || durationMs < 0
    ? UNKNOWN
    : durationMs < 60_000
      ? durationShown(durationMs).replace(/\.\d+/, '').replace(' ', '')
      : durationShown(durationMs).replaceAll(' min', 'm').replaceAll(' ', '');

/** A cell of a person's own question: numbers readable, instants without their letters, structures as JSON. */
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
/** Marks that turn the direction of what follows, and lone surrogates. */
const INVISIBLE = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cs}]/gu;
