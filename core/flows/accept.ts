import { type Accepted, acceptLine } from '../accept-line.ts';
import type { AcceptSettings } from '../draft.ts';
import type { Event } from '../event.ts';
import type { Landed } from '../ports.ts';
import type { Rejection } from '../rejection.ts';

/** What became of a batch of records. */
export interface AcceptedBatch {
  readonly counts: Landed;
  /** The canonical lines that land. */
  readonly lines: readonly string[];
  readonly events: readonly Event[];
  readonly rejections: readonly Rejection[];
  /** Whole masked lines that were too large to land uncut, by event_key. */
  readonly wholes: readonly { readonly event_key: string; readonly text: string }[];
}

const NEWLINE = 0x0a;
const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

/**
 * Splits records into lines and accepts each: received = accepted + rejected. A record holds one or many lines of
 * NDJSON; blank lines are not counted. `receivedAt` is stamped on all.
 */
export function acceptRecords(
  records: readonly Uint8Array[],
  receivedAt: string,
  settings: AcceptSettings,
): AcceptedBatch {
  const lines: string[] = [];
  const events: Event[] = [];
  const rejections: Rejection[] = [];
  const wholes: { event_key: string; text: string }[] = [];
  for (const record of records) {
    for (const bytes of linesOf(record)) {
      const { text, damaged } = decode(bytes);
      if (text.trim() === '') continue;
      const outcome = acceptLine(text, bytes, receivedAt, settings, damaged);
      if ('rejection' in outcome) {
        rejections.push(outcome.rejection);
        continue;
      }
      take(outcome);
    }
  }
  return {
    counts: { received: lines.length + rejections.length, accepted: lines.length, rejected: rejections.length },
    lines,
    events,
    rejections,
    wholes,
  };

  function take({ event, line, whole }: Accepted): void {
    lines.push(line);
    events.push(event);
    if (whole !== undefined) wholes.push({ event_key: event.event_key, text: whole });
  }
}

/** The lines of a record as bytes, without their ends: identity is what came, byte for byte. */
function* linesOf(record: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  while (start < record.length) {
    const newline = record.indexOf(NEWLINE, start);
    const end = newline === -1 ? record.length : newline;
    const trimmed = end > start && record[end - 1] === 0x0d ? end - 1 : end;
    if (trimmed > start) yield record.subarray(start, trimmed);
    start = end + 1;
  }
}

function decode(bytes: Uint8Array): { text: string; damaged: boolean } {
  try {
    return { text: strict.decode(bytes), damaged: false };
  } catch {
    return { text: lenient.decode(bytes), damaged: true };
  }
}
