import { isEmail, kindUnder, markOf, mask, namedIn, type SecretKind } from './mask.ts';

/** The most a record of Amazon Data Firehose may hold, and so the most a line may, with its line end: 1,000 KiB. */
export const MAX_RECORD_BYTES = 1_024_000;

/** One event as it is sent: masked JSON in UTF-8 with its line end, cut to fit a record. */
export function lineOf(event: object): Uint8Array {
  const fields = masked(event);
  let line = encode(fields);
  for (let cuts = 0; line.length > MAX_RECORD_BYTES; cuts++) {
    const excessBytes = line.length - MAX_RECORD_BYTES;
    if (!(cuts < MAX_CUTS && cutLargest(fields, excessBytes)) && !dropLargest(fields)) break;
    line = encode(fields);
  }
  return line;
}

const encode = (fields: object): Uint8Array => Buffer.from(`${JSON.stringify(fields)}\n`);

/** Names are keys: masking or cutting one would join or part what is not. The rest of these the client made itself. */
const KEPT_AS_GIVEN = new Set([
  'event_id',
  'run_id',
  'parent_run_id',
  'root_run_id',
  'process_name',
  'step_name',
  'environment',
  'owner',
  'event_type',
  'status',
  'created_at',
  'start_time',
  'end_time',
  'schema_version',
  'producer',
]);
const MAX_NAME_LENGTH = 1_024;

const MAX_DEPTH = 16;

function masked(event: object): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(event)) {
    if (value === undefined) continue;
    if (name === 'user' && typeof value === 'string') copy[name] = userOf(value);
    else if (KEPT_AS_GIVEN.has(name))
      copy[name] = typeof value === 'string' ? wellFormed(value.slice(0, MAX_NAME_LENGTH)) : value;
    else {
      const kind = kindUnder(name, undefined, () => namedIn(event));
      copy[name] = maskedValue(value, 1, kind, name === 'metrics');
    }
  }
  return copy;
}

/** All that is under a secret's name is a secret. What is `measured` is none, whatever its name is. */
function maskedValue(value: unknown, depth: number, under?: SecretKind, measured = false): unknown {
  if (typeof value === 'string') {
    const text = wellFormed(value);
    return (under && markOf(under, text)) ?? mask(text);
  }
  if (typeof value === 'number') return (under && markOf(under, String(value))) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[nested too deep]';
  if (Array.isArray(value)) return value.map((each) => maskedValue(each, depth + 1, under));
  // No prototype: a key may be `__proto__`.
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, one] of Object.entries(value)) {
    const kind = measured && typeof one === 'number' ? undefined : kindUnder(key, under, () => namedIn(value));
    copy[mask(wellFormed(key))] = maskedValue(one, depth + 1, kind);
  }
  return copy;
}

/** A person's e-mail address does not leave the host: only the ledger has the salt that makes a hash of it safe. */
const userOf = (user: string): string => (isEmail(user.trim()) ? '[email]' : mask(wellFormed(user)));

/** Text that every reader of JSON and SQL takes for the same. */
function wellFormed(text: string): string {
  const bounded = text.length > MAX_TEXT_LENGTH ? boundedText(text) : text;
  return bounded.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** No text can stay longer than a record. It ends between words, so that no secret is halved and escapes the mask. */
function boundedText(text: string): string {
  const end = text.lastIndexOf(' ', MAX_TEXT_LENGTH);
  return text.slice(0, end > 0 ? end : MAX_TEXT_LENGTH) + CUT_MARK;
}
const MAX_TEXT_LENGTH = MAX_RECORD_BYTES;

const CUT_MARK = '…[cut]';
const CUT_MARK_BYTES = Buffer.byteLength(CUT_MARK);
/** What no text is cut below, and how many are cut: beyond that there are too many texts rather than too long ones. */
const MIN_KEPT_LENGTH = 256;
const MAX_CUTS = 16;

/** Makes the event smaller by `excessBytes`, if one free text is large enough for that, or by nearly all of that text. */
function cutLargest(fields: Record<string, unknown>, excessBytes: number): boolean {
  const free = Object.keys(fields).filter((name) => !KEPT_AS_GIVEN.has(name));
  const largest = largestText(fields, free);
  if (!largest) return false;
  // A character is at least one byte, so cutting that many characters cuts at least that many bytes.
  const kept = Math.max(MIN_KEPT_LENGTH, largest.text.length - excessBytes - CUT_MARK_BYTES);
  if (kept >= largest.text.length - CUT_MARK_BYTES) return false;
  largest.holder[largest.key] = `${largest.text.slice(0, kept).toWellFormed()}${CUT_MARK}`;
  return true;
}

/** What only describes, most voluminous first: dropped whole when cutting texts is not enough. */
const DISPENSABLE = ['params', 'metrics', 'tags', 'quality', 'input_sources', 'output_targets', 'cluster', 'sla'];

function dropLargest(fields: Record<string, unknown>): boolean {
  const name = DISPENSABLE.find((each) => fields[each] !== undefined);
  if (name !== undefined) delete fields[name];
  return name !== undefined;
}

interface HeldText {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly text: string;
}

function largestText(holder: Record<string, unknown>, keys = Object.keys(holder)): HeldText | undefined {
  let largest: HeldText | undefined;
  for (const key of keys) {
    const value = holder[key];
    const candidate =
      typeof value === 'string'
        ? { holder, key, text: value }
        : typeof value === 'object' && value !== null
          ? largestText(value as Record<string, unknown>)
          : undefined;
    if (candidate && candidate.text.length > (largest?.text.length ?? 0)) largest = candidate;
  }
  return largest;
}
