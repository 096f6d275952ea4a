import type { Event } from '../schema/event.ts';
import { looksLike } from './looks-like.ts';
import { isObject } from './masked-value.ts';
import { normalize } from './normalize.ts';
import { parseExactly, parseLine } from './parse-line.ts';

import type { Rejection, RejectionReason } from './rejection.ts';
import { resentLineOf } from './resent-line.ts';
import type { AcceptSettings } from './settings.ts';

/** 256 KiB. A longer line lands cut, and the whole masked line is kept under `oversize/`. */
export const MAX_LINE_BYTES = 256 * 1024;

export interface Accepted {
  readonly event: Event;
  /** The canonical, masked line that lands, without a line end. */
  readonly line: string;
  /** The whole masked line, when `line` had to be cut. */
  readonly whole?: string;
  /** The key of the rejection that this line was until it was resent. */
  readonly resent?: string;
}

export interface Rejected {
  readonly rejection: Rejection;
  /** The whole masked line, when the payload had to be cut. */
  readonly whole?: string;
}

export type LineOutcome = Accepted | Rejected;

/**
 * Accepts one line, or rejects it with a reason; it never throws. `bytes` are the line as received, without its line end:
 * their hash is the `event_key`. `text` is the same line decoded. `receivedAt` is the instant of its arrival. `damaged`
 * means that the bytes were not UTF-8, so `text` has U+FFFD in their place. A rejected line that is resent and
 * rejected again keeps the key of its rejection.
 */
export function acceptLine(
  text: string,
  bytes: string | Uint8Array,
  receivedAt: string,
  settings: AcceptSettings,
  damaged = false,
): LineOutcome {
  const resent = resentLineOf(text);
  if (resent === undefined) return acceptAs(settings.hash(bytes), text, receivedAt, settings, damaged);
  const { rejection_key, line } = resent;
  const outcome = acceptAs(settings.hash(line), line, receivedAt, settings, false);
  return 'rejection' in outcome
    ? { ...outcome, rejection: { ...outcome.rejection, rejection_key } }
    : { ...outcome, resent: rejection_key };
}

function acceptAs(
  key: string,
  text: string,
  receivedAt: string,
  settings: AcceptSettings,
  damaged: boolean,
): LineOutcome {
  const reject = (reason: RejectionReason, value?: unknown): LineOutcome => {
    const looks = looksLike(text, value);
    const looks_like = looks === undefined ? {} : { looks_like: settings.mask(looks) };
    const whole = maskedText(text, settings);
    const payload = cutPayload(whole);
    const masked = maskedReason(reason, settings);
    const rejection = { rejection_key: key, received_at: receivedAt, reason: masked, ...looks_like, payload };
    return payload === whole ? { rejection } : { rejection, whole };
  };

  const parsed = parseLine(text);
  if ('detail' in parsed) return reject({ kind: 'not_json', detail: parsed.detail });
  if (!isObject(parsed.value)) return reject({ kind: 'not_an_object', found: kindOf(parsed.value) }, parsed.value);
  let normalized = normalize(parsed.value, key, receivedAt, settings);
  if ('event' in normalized && normalized.mayBeRounded) {
    const exact = parseLine(text, parseExactly);
    if ('value' in exact && isObject(exact.value)) normalized = normalize(exact.value, key, receivedAt, settings);
  }
  if ('reason' in normalized) return reject(normalized.reason, parsed.value);

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

/** Whether accept can read that line as JSON. */
export const isJsonLine = (text: string): boolean => !('detail' in parseLine(text));

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

/** Stands at the end of a text that was cut. */
export const CUT_MARK = '…[cut]';
const KEEP_CHARS = 2_000;

/** As JSON, a character is six bytes at most. */
const MAX_PAYLOAD_CHARS = MAX_LINE_BYTES / 8;

/** The payload of a rejection, short enough for every reader of lines. */
function cutPayload(text: string): string {
  if (text.length <= MAX_PAYLOAD_CHARS || utf8Length(JSON.stringify(text)) <= MAX_LINE_BYTES) return text;
  return `${text.slice(0, MAX_PAYLOAD_CHARS).toWellFormed()}${CUT_MARK}`;
}

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
  for (const name of [
    'original',
    'extra',
    'params',
    'metrics',
    'tags',
    'quality',
    'dataset_fields',
    'input_sources',
    'output_targets',
  ]) {
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
