const NEWLINE = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Turns JSON that is laid out in any way into NDJSON, piece by piece. */
export interface JsonValues {
  /** The next bytes as they came; gives NDJSON, of which the last line may go on in the next call. */
  push(piece: Uint8Array): Uint8Array;
  /** Whether the text so far ends between two values, and outside every array. */
  isComplete(): boolean;
}

/**
 * Reads JSON values that stand one after the other, with or without anything between them, each over as many lines as it
 * likes; an array of them is opened. Each becomes a line of NDJSON. Its bytes stay as they came but for line ends and
 * indentation by tabs (numbers beyond 2^53 and repeated keys too), because an event's identity is its bytes. What stands
 * between values and is none is a line of its own, for accept to reject. All structure of JSON is ASCII, so bytes will do.
 */
export function jsonValues(): JsonValues {
  /** Open brackets of the value at hand; 0 between values. */
  let level = 0;
  let isInArray = false;
  let isInString = false;
  let isEscaped = false;
  /** In a number, a word or anything else that has no brackets. */
  let isInWord = false;

  function push(piece: Uint8Array): Uint8Array {
    // At most one more line end for each bracket.
    const lines = new Uint8Array(piece.length * 2 + 1);
    let size = 0;
    const endLine = (): void => {
      lines[size++] = NEWLINE;
      isInWord = false;
    };
    for (const byte of piece) {
      if (isInString) {
        lines[size++] = byte;
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isInString = false;
          if (level === 0 && !isInWord) endLine();
        }
        continue;
      }
      if (level === 0) {
        const isEndOfWord =
          byte === NEWLINE || byte === OPEN_OBJECT || (isInArray && (byte === COMMA || byte === CLOSE_ARRAY));
        if (isInWord && isEndOfWord) endLine();
        if (!isInWord && byte === OPEN_ARRAY && !isInArray) {
          isInArray = true;
          continue;
        }
        if (!isInWord && isInArray && byte === CLOSE_ARRAY) {
          isInArray = false;
          continue;
        }
        if (!isInWord && (byte <= SPACE || (isInArray && byte === COMMA))) continue;
      }
      if (byte > SPACE || (byte === SPACE && (level > 0 || isInWord))) lines[size++] = byte;
      if (byte === QUOTE && !isInWord) isInString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) level += 1;
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && level > 0) {
        level -= 1;
        if (level === 0) endLine();
      } else if (level === 0) isInWord = true;
    }
    return lines.subarray(0, size);
  }

  return { push, isComplete: () => level === 0 && !isInArray && !isInString };
}
