import { errorMessage } from '../../core/error-message.ts';
import { HttpError } from './http-error.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * The NDJSON lines of a body that is NDJSON, one JSON array of events, or one JSON object over several lines. The bytes
 * of each event stay as they came (numbers beyond 2^53 and repeated keys too), because an event's identity is its bytes.
 * Throws `HttpError` for an empty body, and for a body that begins as an array and is not JSON.
 */
export function linesOf(body: Uint8Array): Uint8Array {
  const start = firstByte(body);
  if (start === body.length) {
    throw new HttpError(
      400,
      'empty_body',
      'expected NDJSON, a JSON array of events or one event, but the body is empty',
    );
  }
  if (body[start] === OPEN_ARRAY) {
    const why = notJson(body);
    if (why === null) return onePerLine(body, 1);
    const message = `expected NDJSON, a JSON array of events or one event, but got an array that is not JSON (${why}); nothing was taken, correct it and send it again`;
    throw new HttpError(400, 'bad_request', message);
  }
  const isOneObject = body[start] === OPEN_OBJECT && notJson(firstLine(body, start)) !== null && notJson(body) === null;
  return isOneObject ? onePerLine(body, 0) : body;
}

/** The values at this depth of a valid JSON text, each on a line of its own. All structure is ASCII, so bytes will do. */
function onePerLine(json: Uint8Array, depth: 0 | 1): Uint8Array {
  const lines = Buffer.allocUnsafe(json.length + 1);
  let size = 0;
  let level = 0;
  let inString = false;
  for (let at = firstByte(json); at < json.length; at++) {
    const byte = json[at] ?? SPACE;
    if (inString) {
      lines[size++] = byte;
      if (byte === BACKSLASH) lines[size++] = json[++at] ?? SPACE;
      else if (byte === QUOTE) inString = false;
      continue;
    }
    const opens = byte === OPEN_ARRAY || byte === OPEN_OBJECT;
    const closes = byte === OPEN_ARRAY + 2 || byte === OPEN_OBJECT + 2;
    if (closes) level--;
    const isOuter = level < depth;
    if (opens) level++;
    if (isOuter) continue;
    inString = byte === QUOTE;
    if (byte === COMMA && level === depth) lines[size++] = NEWLINE;
    else if (byte > SPACE) lines[size++] = byte;
    else if (byte === SPACE && level > depth) lines[size++] = SPACE;
  }
  return lines.subarray(0, size);
}

function notJson(bytes: Uint8Array): string | null {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return null;
  } catch (cause) {
    return errorMessage(cause).slice(0, 160);
  }
}

function firstLine(body: Uint8Array, start: number): Uint8Array {
  const newline = body.indexOf(NEWLINE, start);
  return body.subarray(start, newline === -1 ? body.length : newline);
}

/** Where the text begins: behind a byte order mark and white space. */
function firstByte(body: Uint8Array): number {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (at < body.length && [SPACE, NEWLINE, RETURN, 0x09].includes(body[at] ?? 0)) at++;
  return at;
}
