import { type Accepted, acceptLine, type LineOutcome } from '../core/accept/accept-line.ts';
import { type Decision, explanationOf, type Rejection } from '../core/accept/rejection.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { joinedValues } from '../core/input/joined-values.ts';
import { type LineReason, MAX_REASONS, type Taken } from '../core/ports/event-sink.ts';
import type { Event } from '../core/schema/event.ts';

/** What became of a batch of records. */
export interface AcceptedBatch {
  readonly counts: Taken;
  /** The canonical lines that land. */
  readonly lines: readonly string[];
  readonly events: readonly Event[];
  readonly rejections: readonly Rejection[];
  readonly oversized: readonly Oversized[];
  /** Rejections whose lines were resent, and are among the accepted. */
  readonly resent: readonly Decision[];
}

/** A whole masked line that was too large to land uncut, under its event_key or rejection_key. */
export interface Oversized {
  readonly key: string;
  readonly text: string;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
// A byte order mark is part of the line: without it the hash would not be that of the bytes.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

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
  const oversized: Oversized[] = [];
  const resent: Decision[] = [];
  const counts = acceptEach(records, receivedAt, settings, (outcome) => {
    oversized.push(...oversizedOf(outcome));
    if ('rejection' in outcome) {
      rejections.push(outcome.rejection);
      return;
    }
    lines.push(outcome.line);
    events.push(outcome.event);
    resent.push(...resentOf(outcome, receivedAt));
  });
  return { counts, lines, events, rejections, oversized, resent };
}

/**
 * The same, but calls `take` with the outcome of each line in turn, the line itself and its place among all from 1, and
 * keeps none: a large batch costs the garbage collector nothing then. Returns the counts, and why the first lines were rejected.
 */
export function acceptEach(
  records: readonly Uint8Array[],
  receivedAt: string,
  settings: AcceptSettings,
  take: (outcome: LineOutcome, line: ReceivedLine, place: number) => void,
): Taken {
  let received = 0;
  let rejected = 0;
  let place = 0;
  const reasons: LineReason[] = [];
  for (const record of records) {
    for (const line of linesOf(record)) {
      const { text, bytes } = line;
      place += 1;
      if (text.trim() === '') continue;
      const outcome = acceptLine(text, bytes ?? text, receivedAt, settings, bytes !== undefined);
      const parts = 'rejection' in outcome && bytes === undefined ? partsOf(text, outcome.rejection) : undefined;
      if (parts === undefined) count(outcome, line);
      else for (const part of parts) count(acceptLine(part, part, receivedAt, settings), { text: part });
    }
  }
  const counts = { received, accepted: received - rejected, rejected };
  return reasons.length === 0 ? counts : { ...counts, reasons };

  function count(outcome: LineOutcome, line: ReceivedLine): void {
    received += 1;
    if ('rejection' in outcome) {
      rejected += 1;
      if (reasons.length < MAX_REASONS) reasons.push(reasonOf(outcome.rejection, place));
    }
    take(outcome, line, place);
  }
}

/** The objects of a line that was rejected because it holds several. */
const partsOf = (text: string, { reason }: Rejection): readonly string[] | undefined =>
  reason.kind === 'not_json' ? joinedValues(text) : undefined;

/** The whole line of an outcome that had to be cut: none or one. */
export function oversizedOf(outcome: LineOutcome): readonly Oversized[] {
  if (outcome.whole === undefined) return [];
  const key = 'rejection' in outcome ? outcome.rejection.rejection_key : outcome.event.event_key;
  return [{ key, text: outcome.whole }];
}

/** The decision on the rejection that an accepted line was: none or one. */
export const resentOf = ({ resent }: Accepted, decided_at: string): readonly Decision[] =>
  resent === undefined ? [] : [{ rejection_key: resent, decided_at, decision: 'accepted' }];

const reasonOf = (rejection: Rejection, line: number): LineReason => ({
  line,
  kind: rejection.reason.kind,
  explanation: explanationOf(rejection),
});

/** A line as it was received, without its end. */
export interface ReceivedLine {
  readonly text: string;
  /** Only of a line that is not UTF-8: otherwise the text says the same. */
  readonly bytes?: Uint8Array;
}

/** The lines of a record without their ends. Decoded at once when it is all UTF-8, as it nearly always is. */
function linesOf(record: Uint8Array): readonly ReceivedLine[] {
  let whole: string;
  try {
    whole = strict.decode(record);
  } catch {
    return [...damagedLinesOf(record)];
  }
  const lines = whole.split('\n');
  // Behind the last line end there is no further line.
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => ({ text: line.endsWith('\r') ? line.slice(0, -1) : line }));
}

/** One bad byte must not cost the lines beside it. */
function* damagedLinesOf(record: Uint8Array): Generator<ReceivedLine> {
  let start = 0;
  while (start < record.length) {
    const newline = record.indexOf(NEWLINE, start);
    const end = newline === -1 ? record.length : newline;
    const bytes = record.subarray(start, end > start && record[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
    try {
      yield { text: strict.decode(bytes) };
    } catch {
      yield { text: lenient.decode(bytes), bytes };
    }
    start = end + 1;
  }
}
