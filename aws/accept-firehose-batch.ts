import {
  answerBytes,
  type TransformOutcome,
  type TransformRecord,
} from '../adapters/lambda-events/firehose-transform.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import type { IngestCounts } from '../core/ports/event-sink.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { type AcceptedBatch, acceptRecords } from '../flows/accept.ts';
import { decide, type Landing, objectLanding, quarantine } from '../flows/land.ts';

/** What Firehose is answered, and what there is to report. */
export interface AnsweredBatch {
  /** One for each record, in the order in which they came. */
  readonly outcomes: readonly TransformOutcome[];
  /** Over the records that did not fail: received = accepted + rejected. */
  readonly counts: IngestCounts & {
    readonly records: number;
    readonly failed_records: number;
    /** Of the accepted, lines that were landed beside the answer. */
    readonly landed_aside: number;
  };
  /** Why records failed: Firehose keeps each of them and tries again. */
  readonly errors: readonly unknown[];
}

/** Lambda answers with 6 MB at most, base64 and ids included; what would pass 5 MB is landed beside the answer. */
const MAX_ANSWER_BYTES = 5 * 1024 * 1024;

/**
 * Accepts a Firehose batch and answers every record exactly once, whatever comes. Firehose itself lands the lines it is
 * answered. A record fails only when what must be kept of it cannot be written; then none of its lines is landed and
 * Firehose keeps it whole.
 */
export async function acceptFirehoseBatch(
  store: ObjectStore,
  settings: AcceptSettings,
  records: readonly TransformRecord[],
): Promise<AnsweredBatch> {
  const errors: unknown[] = [];
  const failed = new Set<AcceptedRecord>();
  const accepted = records.map((record): AcceptedRecord => {
    try {
      return answered(record, acceptRecords([record.data], record.received_at, settings));
    } catch (error) {
      // No record should do this; if one does, it must not cost the records beside it.
      errors.push(error);
      const unknown = answered(record, acceptRecords([], record.received_at, settings));
      failed.add(unknown);
      return unknown;
    }
  });
  const landOrFail = async (
    some: readonly AcceptedRecord[],
    write: (landing: Landing) => Promise<void>,
  ): Promise<void> => {
    if (some.length === 0) return;
    try {
      const from = some.map(({ record }) => record.record_id);
      const arrivals = some.map(({ record }) => record.received_at);
      await write(objectLanding(store, settings.hash, from, arrivals));
    } catch (error) {
      errors.push(error);
      for (const each of some) failed.add(each);
    }
  };

  const odd = accepted.filter(({ rejections, oversized }) => rejections.length > 0 || oversized.length > 0);
  await landOrFail(odd, (landing) =>
    quarantine(landing, {
      rejections: odd.flatMap(({ rejections }) => rejections),
      oversized: odd.flatMap(({ oversized }) => oversized),
    }),
  );
  const aside = beyondAnswer(accepted.filter((each) => !failed.has(each)));
  const decided = accepted.filter((each) => each.resent.length > 0 && !failed.has(each));
  // Firehose lands the lines once they are answered, and keeps every record that it cannot land.
  await landOrFail(decided, (landing) =>
    decide(
      landing,
      decided.flatMap(({ resent }) => resent),
    ),
  );
  await landOrFail(aside, (landing) => landing.landAccepted(aside.flatMap(({ lines }) => lines)));

  const beside = new Set(aside);
  const outcomeOf = (each: AcceptedRecord): TransformOutcome => {
    const { record_id } = each.record;
    if (failed.has(each)) return { record_id, result: 'failed' };
    return beside.has(each) ? { record_id, result: 'dropped' } : each.answer;
  };
  const kept = accepted.filter((each) => !failed.has(each));
  return {
    outcomes: accepted.map(outcomeOf),
    counts: {
      records: records.length,
      failed_records: failed.size,
      received: sum(kept, ({ counts }) => counts.received),
      accepted: sum(kept, ({ counts }) => counts.accepted),
      rejected: sum(kept, ({ counts }) => counts.rejected),
      landed_aside: sum(kept, (each) => (beside.has(each) ? each.counts.accepted : 0)),
    },
    errors,
  };
}

/** A record and what it is answered, when the answer has room. */
type AcceptedRecord = Omit<AcceptedBatch, 'events'> & {
  readonly record: TransformRecord;
  readonly answer: TransformOutcome;
};

/** Firehose lands the answer and needs no events: only what is used is kept until the batch is done. */
function answered(record: TransformRecord, { events, ...batch }: AcceptedBatch): AcceptedRecord {
  const { record_id } = record;
  const answer: TransformOutcome =
    batch.lines.length === 0
      ? { record_id, result: 'dropped' }
      : { record_id, result: 'ok', data: `${batch.lines.join('\n')}\n` };
  return { ...batch, record, answer };
}

/** The records that the answer has no room for, once every record's empty answer is counted. */
function beyondAnswer(accepted: readonly AcceptedRecord[]): readonly AcceptedRecord[] {
  const empty = (each: AcceptedRecord) => answerBytes({ record_id: each.record.record_id, result: 'dropped' });
  let room = MAX_ANSWER_BYTES - sum(accepted, empty);
  return accepted.filter((each) => {
    if (each.lines.length === 0) return false;
    room -= answerBytes(each.answer) - empty(each);
    return room < 0;
  });
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
