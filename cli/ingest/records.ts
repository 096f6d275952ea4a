/** What a record holds at most, as Firehose has it; one longer line is a record of its own. */
export const MAX_RECORD_BYTES = 1_024_000;
/** What a line holds at most unless the ledger takes less: one send. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

export interface RecordOptions {
  /** Default `MAX_LINE_BYTES`. */
  readonly maxLineBytes?: number;
  /** Called once for each line that is left out. */
  readonly onTooLong?: () => void;
}

const NEWLINE = 0x0a;

/**
 * Packs text into records of whole lines, byte for byte as they came: all records together are the text. Lines beyond
 * the limit are left out, each with a call of `onTooLong`. Holds no more than a line and a piece of the source. When the source fails, what came
 * before is given first: a last line that breaks off only if it is JSON, and so whole.
 */
export async function* recordsOf(
  source: AsyncIterable<Uint8Array>,
  { maxLineBytes = MAX_LINE_BYTES, onTooLong = () => undefined }: RecordOptions = {},
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  let isSkipping = false;

  const keep = (rest: Uint8Array): void => {
    pieces = rest.length === 0 ? [] : [rest];
    sizeBytes = rest.length;
  };

  try {
    for await (const chunk of source) {
      let piece = chunk;
      if (isSkipping) {
        const newline = piece.indexOf(NEWLINE);
        if (newline === -1) continue;
        isSkipping = false;
        piece = piece.subarray(newline + 1);
      }
      pieces.push(piece);
      sizeBytes += piece.length;
      if (sizeBytes < MAX_RECORD_BYTES) continue;

      let text: Uint8Array = Buffer.concat(pieces, sizeBytes);
      while (text.length >= MAX_RECORD_BYTES) {
        const end = endOfRecord(text);
        if (end === 0) break;
        if (end > maxLineBytes) onTooLong();
        else yield text.subarray(0, end);
        text = text.subarray(end);
      }
      if (text.length > maxLineBytes) {
        onTooLong();
        isSkipping = true;
        text = text.subarray(text.length);
      }
      keep(text);
    }
  } catch (error) {
    yield* rest(Buffer.concat(pieces, sizeBytes), true);
    throw error;
  }
  yield* rest(Buffer.concat(pieces, sizeBytes), false);
}

/** Behind the last line that fits, else behind the first; 0 when no line ends here. */
function endOfRecord(text: Uint8Array): number {
  return text.subarray(0, MAX_RECORD_BYTES).lastIndexOf(NEWLINE) + 1 || text.indexOf(NEWLINE, MAX_RECORD_BYTES) + 1;
}

function* rest(text: Uint8Array, isBroken: boolean): Generator<Uint8Array> {
  const end = text.lastIndexOf(NEWLINE) + 1;
  const isWhole = !isBroken || isJson(text.subarray(end));
  const kept = isWhole ? text : text.subarray(0, end);
  if (kept.length > 0) yield kept;
}

function isJson(line: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(line));
    return true;
  } catch {
    return false;
  }
}
