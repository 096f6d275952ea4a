import { errorMessage } from '../error-message.ts';
import type { Event } from '../schema/event.ts';
import { normalize } from './normalize.ts';
import { isObject } from './reader.ts';
import type { Rejection, RejectionReason } from './rejection.ts';
import type { AcceptSettings } from './settings.ts';

/** 256 KiB. A longer line lands cut, and the whole masked line is kept under `oversize/`. */
export const MAX_LINE_BYTES = 256 * 1024;

export interface Accepted {
  readonly event: Event;
  /** The canonical, masked line that lands, without a line end. */
  readonly line: string;
  /** The whole masked line, when `line` had to be cut. */
  readonly whole?: string;
}

export type LineOutcome = Accepted | { readonly rejection: Rejection };

/**
 * Accepts one line, or rejects it with a reason; it never throws. `bytes` are the line as received, without its line end:
 * their hash is the `event_key`. `text` is the same line decoded. `receivedAt` is the instant of its arrival. `damaged`
 * means that the bytes were not UTF-8, so `text` has U+FFFD in their place.
 */
export function acceptLine(
  text: string,
  bytes: string | Uint8Array,
  receivedAt: string,
  settings: AcceptSettings,
  damaged = false,
): LineOutcome {
  const key = settings.hash(bytes);
  const reject = (reason: RejectionReason): LineOutcome => ({
    rejection: {
      rejection_key: key,
      received_at: receivedAt,
      reason: maskedReason(reason, settings),
      payload: maskedText(text, settings),
    },
  });

  const parsed = parseLine(text);
  if ('detail' in parsed) return reject({ kind: 'not_json', detail: parsed.detail });
  if (!isObject(parsed.value)) return reject({ kind: 'not_an_object', found: kindOf(parsed.value) });
  const normalized = normalize(parsed.value, key, receivedAt, settings);
  if ('reason' in normalized) return reject(normalized.reason);

  const event = normalized.event as { -readonly [Name in keyof Event]: Event[Name] };
  if (parsed.repaired || damaged) {
    event.flags = [
      ...(event.flags ?? []),
      ...(parsed.repaired ? ['not_a_number'] : []),
      ...(damaged ? ['not_utf8'] : []),
    ];
  }
  if (normalized.changed || parsed.repaired || damaged) event.original = maskedText(text, settings);
  const line = JSON.stringify(event);
  if (line.length * 3 <= MAX_LINE_BYTES || utf8Length(line) <= MAX_LINE_BYTES) return { event, line };
  return { ...cut(event), whole: maskedText(text, settings) };
}

/** `NaN` and the infinities as Python writes them, which are no JSON. Outside strings they are read as unknown. */
const NOT_A_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

function parseLine(text: string): { value: unknown; repaired: boolean } | { detail: string } {
  try {
    return { value: parseJson(text), repaired: false };
  } catch (error) {
    if (text.includes('NaN') || text.includes('Infinity')) {
      try {
        const repaired = text.replace(NOT_A_NUMBER, (token) => (token.startsWith('"') ? token : 'null'));
        return { value: parseJson(repaired), repaired: true };
      } catch {
        // The line is broken in other ways too, and the first error says more.
      }
    }
    return { detail: describe(error) };
  }
}

/** Finds what may be an integer that a number cannot hold exactly; the digits may also stand in a text. */
const LONG_INTEGER = /[:,[\s]-?\d{16}/;

/** Parses a line. Integers beyond 2^53 become their digits as text: as numbers, two ids would become one. */
function parseJson(line: string): unknown {
  const text = line.startsWith('\uFEFF') ? line.slice(1) : line;
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  const exact = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown =>
    typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
      ? source
      : value;
  return JSON.parse(text, exact as Parameters<typeof JSON.parse>[1]);
}

/** Keeps only the position: V8's message quotes the text around it, which may hold a secret. */
const describe = (error: unknown): string => {
  const message = errorMessage(error);
  const position = /at position \d+/.exec(message)?.[0] ?? (message.includes('end of JSON') ? 'at its end' : '');
  return `syntax error ${position}`.trim();
};

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;

const maskedText = (text: string, settings: AcceptSettings): string =>
  settings.mask(text.toWellFormed().replaceAll('\0', '\uFFFD'));

/** A reason quotes what came, which may hold what the payload beside it must not. */
function maskedReason(reason: RejectionReason, settings: AcceptSettings): RejectionReason {
  if (reason.kind !== 'says_nothing') return reason;
  const masked = (text: string | null): string | null => (text === null ? null : maskedText(text, settings));
  return { ...reason, event_type: masked(reason.event_type), status: masked(reason.status) };
}

const utf8 = new TextEncoder();
const utf8Length = (text: string): number => utf8.encode(text).length;

const CUT_MARK = '…[cut]';
const KEEP_CHARS = 2_000;

/** Shortens the largest free texts, largest first, until the line fits. Names are short already. */
function cut(event: { -readonly [Name in keyof Event]: Event[Name] }): { event: Event; line: string } {
  const copy = JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
  copy.flags = [...(event.flags ?? []), 'cut'];
  const texts = textsIn(copy).sort((a, b) => b.length - a.length);
  for (const { holder, key, length } of texts) {
    if (length <= KEEP_CHARS) break;
    const text = holder[key] as string;
    holder[key] = `${text.slice(0, KEEP_CHARS).toWellFormed()}${CUT_MARK}`;
    const line = JSON.stringify(copy);
    if (utf8Length(line) <= MAX_LINE_BYTES) return { event: copy as unknown as Event, line };
  }
  // The line has many small values rather than a few large ones: drop what only describes. The whole line is kept anyway.
  for (const name of ['original', 'extra', 'params', 'metrics', 'tags', 'quality', 'input_sources', 'output_targets']) {
    delete copy[name];
  }
  return { event: copy as unknown as Event, line: JSON.stringify(copy) };
}

interface HeldText {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly length: number;
}

function textsIn(holder: Record<string, unknown>): HeldText[] {
  return Object.keys(holder).flatMap((key): HeldText[] => {
    const value = holder[key];
    if (typeof value === 'string') return [{ holder, key, length: value.length }];
    return typeof value === 'object' && value !== null ? textsIn(value as Record<string, unknown>) : [];
  });
}
