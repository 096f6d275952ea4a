import { parseInstant } from '../instant.ts';
import { isEmail } from '../mask/mask.ts';
import { type Draft, flag, flagChange, keepExtra } from './draft.ts';
import { maskedValue, scalarText, wellFormed } from './masked-value.ts';
import { mayBeRounded } from './parse-line.ts';
import { meaningOf } from './words.ts';

/**
 * Reads one value as its column's type. Undefined: nothing was read, so the caller keeps the value as it came. A reader
 * that takes a value for another one than it is (`" 1e3 "` for 1000) keeps it itself. `name` is for the flags.
 */
export type Reader = (value: unknown, draft: Draft, name: string) => unknown;

/** Text that names something: never masked, because masking would join what is different. */
export const readName: Reader = (value, draft, name) => {
  const text = textOf(value, draft, name);
  return text.trim() === '' ? undefined : text;
};

export const readText: Reader = (value, draft, name) => draft.settings.mask(textOf(value, draft, name));

/** A person: an e-mail address becomes a short hash, the same for good in one ledger, so that one person stays one user. */
export const readUser: Reader = (value, draft, name) => {
  if (typeof value !== 'string' || !isEmail(value.trim())) return readText(value, draft, name);
  if (draft.settings.keepUserEmail) return value;
  const { hash, userSalt } = draft.settings;
  return `user-${hash(`${userSalt} ${value.trim().toLowerCase()}`).slice(0, 12)}`;
};

/** A level of logging; numbers are those of pino and bunyan. */
export const readLevel: Reader = (value, draft, name) => {
  const level = typeof value === 'number' ? NUMBERED_LEVELS[value] : undefined;
  if (level === undefined) return readText(value, draft, name);
  keepExtra(draft, name, value);
  return level;
};

const NUMBERED_LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

export const readInstant: Reader = (value, draft, name) => {
  const parsed = parseInstant(value, draft.settings.zone);
  if (parsed === null) {
    if (value !== '') flagChange(draft, `time_unknown:${name}`);
    return undefined;
  }
  if (parsed.zoneAssumed) flagChange(draft, `zone_assumed:${name}`);
  return parsed.instant;
};

export const readNumber: Reader = (value, draft, name) => {
  if (typeof value === 'number') {
    draft.mayBeRounded ||= mayBeRounded(value);
    if (Number.isFinite(value)) return value;
  }
  if (typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    if (Number.isFinite(number)) return coerced(number, value, draft, name);
  }
  flagChange(draft, `number_unknown:${name}`);
  return undefined;
};

export const readBoolean: Reader = (value, draft, name) => {
  if (typeof value === 'boolean') return value;
  const word = scalarText(value).toLowerCase();
  if (word === 'true' || word === '1' || word === 'false' || word === '0') {
    return coerced(word === 'true' || word === '1', value, draft, name);
  }
  // `pass`, `warn`, `fail`: what tools of data quality write.
  const status = typeof value === 'string' ? meaningOf(value)?.status : undefined;
  if (status === 'SUCCESS' || status === 'FAILED') {
    draft.changed = true;
    return coerced(status === 'SUCCESS', value, draft, name);
  }
  flagChange(draft, `boolean_unknown:${name}`);
  return undefined;
};

/** Integers only, from 0 to `max`: a count at the 64-bit maximum or below zero means that nobody counted. */
export const readCount =
  (max: number): Reader =>
  (value, draft, name) => {
    if (typeof value === 'number' && value >= 0 && value <= max && Number.isInteger(value))
      return value === 0 ? 0 : value;
    if (typeof value === 'string' && /^\s*\d{1,16}(\.0+)?\s*$/.test(value) && Number(value) <= max) {
      return coerced(Number(value), value, draft, name);
    }
    flagChange(draft, `count_unknown:${name}`);
    return undefined;
  };

const readWhole = readCount(Number.MAX_SAFE_INTEGER);

/** A measured time in milliseconds, rounded: clocks that count fractions are common. */
export const readDuration: Reader = (value, draft, name) => {
  const isText = typeof value === 'string' && /^\s*\d+\.\d+\s*$/.test(value);
  const measured = isText ? Number(value) : value;
  if (typeof measured !== 'number' || !(measured >= 0) || Number.isInteger(measured))
    return readWhole(value, draft, name);
  const rounded = readWhole(Math.round(measured), draft, name);
  if (rounded === undefined) return undefined;
  flagChange(draft, `rounded:${name}`);
  keepExtra(draft, name, value);
  return rounded;
};

/** What a value was taken for. It is kept as well when it does not look the same. */
function coerced<T extends number | boolean>(read: T, value: unknown, draft: Draft, name: string): T {
  flag(draft, `coerced:${name}`);
  if (String(read) !== value) keepExtra(draft, name, value);
  return read;
}

/** Well-formed text without U+0000, which SQL engines do not agree on. */
function textOf(value: unknown, draft: Draft, name: string): string {
  if (typeof value === 'string') return wellFormed(value, draft, name);
  flag(draft, `coerced:${name}`);
  const masked = maskedValue(value, draft);
  return typeof masked === 'object' ? wellFormed(JSON.stringify(masked), draft, name) : String(masked);
}
