import { csvRows, eventOfRow } from '../../core/input/csv-rows.ts';
import { FORMAT_BYTES, formatOf } from '../../core/input/file-format.ts';
import { jsonValues } from '../../core/input/json-values.ts';
import { layoutOf, markLength, textStart } from '../../core/input/layout.ts';
import { HttpError } from './http-error.ts';

const EXPECTED = 'expected NDJSON, a JSON array of events or one event';

/**
 * The NDJSON lines of a body: NDJSON, JSON values laid out in any way, an array of them, or CSV with a header; as UTF-8
 * or UTF-16. Throws `HttpError` for an empty body, for a file of another format, and for JSON that breaks off.
 */
export function linesOf(body: Uint8Array): Uint8Array {
  const text = textOf(body);
  if (textStart(text) === text.length) throw new HttpError(400, 'empty_body', `${EXPECTED}, but the body is empty`);
  const layout = layoutOf(text, true);
  const unmarked = text.subarray(markLength(text));
  if (layout.kind === 'values') return valuesOf(unmarked);
  if (layout.kind !== 'csv') return unmarked;
  const rows = csvRows(layout.csv.delimiter);
  const [, ...events] = [...rows.push(new TextDecoder().decode(unmarked)), ...rows.end()];
  return Buffer.from(events.map((row) => `${eventOfRow(layout.csv, row)}\n`).join(''));
}

function textOf(body: Uint8Array): Uint8Array {
  const format = formatOf(body.subarray(0, FORMAT_BYTES));
  switch (format.kind) {
    case 'text':
      return body;
    case 'utf-16le':
    case 'utf-16be':
      return Buffer.from(new TextDecoder(format.kind).decode(body));
    default: {
      const is = format.kind === 'other' ? format.is : `a ${format.kind} file`;
      throw new HttpError(415, 'unsupported_encoding', `${EXPECTED}, but got ${is}; send it as plain text or gzip`);
    }
  }
}

function valuesOf(text: Uint8Array): Uint8Array {
  const values = jsonValues();
  const lines = values.push(text);
  if (values.isComplete()) return lines;
  const message = `${EXPECTED}, but got JSON that breaks off before its last bracket; nothing was taken, send the whole of it`;
  throw new HttpError(400, 'bad_request', message);
}
