import { errorMessage } from '../error-message.ts';
import type { Event } from '../schema/event.ts';
import type { AcceptSettings } from './draft.ts';
import { normalize } from './normalize.ts';
import { isObject } from './reader.ts';
import type { Rejection, RejectionReason } from './rejection.ts';

/** The most a landed line may hold; larger ones are cut and kept whole aside. */
export const MAX_LINE_BYTES = 256 * 1024;

export interface Accepted {
  readonly event: Event;
  /** The canonical, masked line that lands, without a line end. */
  readonly line: string;
  /** The whole masked line, when it was too large to land uncut. */
  readonly whole?: string;
}

export type LineOutcome = Accepted | { readonly rejection: Rejection };

/**
 * Accepts one line as received. `text` is the line decoded; `bytes` are its bytes, which give it its identity.
 * `damaged` says that the bytes were not UTF-8 and the text holds U+FFFD where they were not.
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
    rejection: { rejection_key: key, received_at: receivedAt, reason, payload: maskedText(text, settings) },
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

/** Numbers JSON does not have, as Python writes them: outside of strings, `NaN` and the infinities mean unknown. */
const NOT_A_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

function parseLine(text: string): { value: unknown; repaired: boolean } | { detail: string } {
  try {
    return { value: JSON.parse(text), repaired: false };
  } catch (error) {
    if (text.includes('NaN') || text.includes('Infinity')) {
      try {
        const repaired = text.replace(NOT_A_NUMBER, (token) => (token.startsWith('"') ? token : 'null'));
        return { value: JSON.parse(repaired), repaired: true };
      } catch {
        // Broken in other ways too: the first error says more.
      }
    }
    return { detail: describe(error) };
  }
}

/** V8 quotes the text around the fault: the place is enough, and the text may hold what must not be written. */
const describe = (error: unknown): string => {
  const message = errorMessage(error);
  const place = /at position \d+/.exec(message)?.[0] ?? (message.includes('end of JSON') ? 'at its end' : '');
  return `syntax error ${place}`.trim();
};

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;

const maskedText = (text: string, settings: AcceptSettings): string =>
  settings.mask(text.toWellFormed().replaceAll('\0', '\uFFFD'));

const utf8 = new TextEncoder();
const utf8Length = (text: string): number => utf8.encode(text).length;

const CUT_MARK = '…[cut]';
const KEEP_CHARS = 2_000;

/** Shortens the largest free texts, largest first, until the line fits. The names that identify are short already. */
function cut(event: { -readonly [Name in keyof Event]: Event[Name] }): { event: Event; line: string } {
  const copy = JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
  copy.flags = [...(event.flags ?? []), 'cut'];
  const places = textPlaces(copy).sort((a, b) => b.length - a.length);
  for (const { holder, key, length } of places) {
    if (length <= KEEP_CHARS) break;
    const text = holder[key] as string;
    holder[key] = `${text.slice(0, KEEP_CHARS).toWellFormed()}${CUT_MARK}`;
    const line = JSON.stringify(copy);
    if (utf8Length(line) <= MAX_LINE_BYTES) return { event: copy as unknown as Event, line };
  }
  // Many small values rather than a few large ones: what only describes goes, the whole line is kept aside.
  for (const name of ['original', 'extra', 'params', 'metrics', 'tags', 'quality', 'input_sources', 'output_targets']) {
    delete copy[name];
  }
  return { event: copy as unknown as Event, line: JSON.stringify(copy) };
}

interface TextPlace {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly length: number;
}

function textPlaces(holder: Record<string, unknown>): TextPlace[] {
  return Object.keys(holder).flatMap((key): TextPlace[] => {
    const value = holder[key];
    if (typeof value === 'string') return [{ holder, key, length: value.length }];
    return typeof value === 'object' && value !== null ? textPlaces(value as Record<string, unknown>) : [];
  });
}
