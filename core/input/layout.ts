import { isJsonLine } from '../accept/accept-line.ts';
import { ALIASES } from '../accept/aliases.ts';
import { type Csv, csvHeader } from './csv-rows.ts';
import { jsonValues } from './json-values.ts';

/** How text holds its events. */
export type Layout =
  /** One a line. */
  | { readonly kind: 'lines' }
  /** JSON values laid out in another way: an array, one over several lines, or several on a line. */
  | { readonly kind: 'values' }
  /** A header, then one event a row. */
  | { readonly kind: 'csv'; readonly csv: Csv }
  /** It holds none: what it is instead, and what to do. */
  | { readonly kind: 'none'; readonly is: string; readonly todo: string };

/** A header is shorter, and so much text shows whether it is text. */
const LOOKED_AT_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const utf8 = new TextDecoder();

/** Tells how events are laid out by the beginning of a text, or by the whole of it. NDJSON wins where both are possible. */
export function layoutOf(head: Uint8Array, isWhole: boolean): Layout {
  const start = textStart(head);
  const first = head[start];
  if (first === undefined) return { kind: 'lines' };
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return plainText(head.subarray(start));
  const text = head.subarray(start);
  return first === OPEN_OBJECT ? objectsAt(text) : arrayAt(text, isWhole);
}

/** Where text begins: behind a byte order mark and white space. */
export function textStart(text: Uint8Array): number {
  let at = markLength(text);
  while ([0x20, NEWLINE, 0x0d, 0x09].includes(text[at] ?? 0)) at++;
  return at;
}

/** The bytes of the byte order mark that UTF-8 text begins with. */
export const markLength = (text: Uint8Array): number =>
  text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;

function objectsAt(text: Uint8Array): Layout {
  const [line = ''] = utf8.decode(firstLineOf(text)).split('\n');
  if (isJsonLine(line)) return { kind: 'lines' };
  const [value, beside] = valuesIn(firstLineOf(text));
  // A comma or a word behind the object makes it a broken line, which the ledger rejects with the place.
  if (value !== undefined && beside !== undefined) {
    return isJsonLine(value) && /^[{[]/.test(beside) ? { kind: 'values' } : { kind: 'lines' };
  }
  const [laidOut] = valuesIn(text);
  return laidOut !== undefined && isJsonLine(laidOut) ? { kind: 'values' } : { kind: 'lines' };
}

/** Text logs begin with brackets too: `[2025-11-03 12:00:00] INFO`. */
function arrayAt(text: Uint8Array, isWhole: boolean): Layout {
  const [element] = valuesIn(text);
  if (element?.startsWith('{') && isJsonLine(element)) return { kind: 'values' };
  return isWhole && isJsonLine(utf8.decode(text)) ? { kind: 'values' } : { kind: 'lines' };
}

/** The first value, as a line, and what follows it; undefined when the text has no end of it. */
function valuesIn(text: Uint8Array): readonly [string?, string?] {
  const lines = utf8.decode(jsonValues().push(text));
  const end = lines.indexOf('\n');
  if (end === -1) return [];
  const beside = lines.slice(end + 1, end + 2);
  return beside === '' ? [lines.slice(0, end)] : [lines.slice(0, end), beside];
}

function firstLineOf(text: Uint8Array): Uint8Array {
  const newline = text.indexOf(NEWLINE);
  return newline === -1 ? text : text.subarray(0, newline);
}

function plainText(text: Uint8Array): Layout {
  if (isBinary(text.subarray(0, LOOKED_AT_BYTES)))
    return { kind: 'none', is: 'no text', todo: 'send NDJSON: one JSON object per line' };
  const header = firstLineOf(text);
  const csv = header.length > LOOKED_AT_BYTES ? undefined : csvHeader(utf8.decode(header).trimEnd());
  if (csv !== undefined) {
    if (namesRuns(csv)) return { kind: 'csv', csv };
    const todo = 'name these columns, or send NDJSON: one JSON object per line';
    return { kind: 'none', is: 'CSV without the columns process_name (or pipeline_name) and run_id', todo };
  }
  if (text.includes(OPEN_OBJECT)) return { kind: 'lines' };
  return { kind: 'none', is: 'text without a JSON object', todo: 'send NDJSON: one JSON object per line' };
}

function namesRuns({ names }: Csv): boolean {
  const fields = names.map((name) => name.toLowerCase()).map((name) => ALIASES[name] ?? name);
  return fields.includes('process_name') && (fields.includes('run_id') || fields.includes('current_run_timestamp'));
}

/** More than a twentieth of control bytes that text has none of. A crash leaves blocks of NUL in text too. */
function isBinary(text: Uint8Array): boolean {
  const bytes = text.filter((byte) => byte !== 0);
  const controls = bytes.filter((byte) => byte < 0x20 && ![0x09, NEWLINE, 0x0c, 0x0d, 0x1b, 0x1e].includes(byte));
  return controls.length * 20 > bytes.length;
}
