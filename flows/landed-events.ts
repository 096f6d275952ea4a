import { isStamped } from '../core/schema/canonical-line.ts';
import { type Event, landedEventSchema } from '../core/schema/event.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NEWLINE = 0x0a;

/**
 * The accepted events of a landed object. Lines that accept did not write, and lines that somebody damaged since, are
 * passed over: compaction counts them.
 */
export const eventsOf = (content: Uint8Array): readonly Event[] =>
  linesOf(content).flatMap((line) => (isStamped(line) ? (eventOf(line) ?? []) : []));

function eventOf(line: string): Event | undefined {
  try {
    return landedEventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Decoded at once when all of it is UTF-8, as it nearly always is; else line by line, without those that are not. */
function linesOf(content: Uint8Array): readonly string[] {
  return textOf(content)?.split('\n') ?? [...soundLinesOf(content)];
}

function* soundLinesOf(content: Uint8Array): Generator<string> {
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline === -1 ? content.length : newline;
    const line = textOf(content.subarray(start, end));
    if (line !== undefined) yield line;
    start = end + 1;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
