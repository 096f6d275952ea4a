import { kindUnder, markOf, namedIn, type SecretKind } from '../mask/mask.ts';
import { type Draft, flagChange, freeName } from './draft.ts';
import { mayBeRounded } from './parse-line.ts';

const MAX_DEPTH = 32;

/**
 * A copy with every text masked and repaired, and all that is under a secret's name. What nests too deep for every engine
 * to read is cut off with a mark.
 */
export function maskedValue(value: unknown, draft: Draft, under?: SecretKind, depth = 0): unknown {
  if (typeof value === 'string') {
    const text = wellFormed(value, draft, 'extra');
    return (under && markOf(under, text)) ?? draft.settings.mask(text);
  }
  if (typeof value === 'number') {
    draft.mayBeRounded ||= mayBeRounded(value);
    return (under && markOf(under, String(value))) ?? value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) {
    flagChange(draft, 'nested_too_deep');
    return '[nested too deep]';
  }
  if (Array.isArray(value)) return value.map((element) => maskedValue(element, draft, under, depth + 1));
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) {
    const one = (value as Record<string, unknown>)[key];
    copy[freeName(copy, maskedKey(key, draft, 'extra'))] = maskedValue(
      one,
      draft,
      kindIn(value, key, under),
      depth + 1,
    );
  }
  return copy;
}

/** A key is text too. */
export const maskedKey = (key: string, draft: Draft, name: string): string =>
  draft.settings.mask(wellFormed(key, draft, name));

/** The placeholder of a value whose name, within its holder, calls it a secret. */
export function secretIn(holder: object, key: string, value: unknown): string | undefined {
  const kind = kindIn(holder, key);
  if (kind === undefined) return undefined;
  return markOf(kind, typeof value === 'object' ? JSON.stringify(value) : String(value));
}

const kindIn = (holder: object, key: string, under?: SecretKind): SecretKind | undefined =>
  kindUnder(key, under, () => namedIn(holder));

/** Well-formed text without U+0000, which SQL engines do not agree on. */
export function wellFormed(text: string, draft: Draft, name: string): string {
  if (text.isWellFormed() && !text.includes('\0')) return text;
  flagChange(draft, `text_repaired:${name}`);
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a scalar; empty for lists and objects, whose own text may nest too deep to be made. */
export const scalarText = (value: unknown): string => (typeof value === 'object' ? '' : String(value));

/** Whether there is nothing in it: null, `[]` or `{}`. */
export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
