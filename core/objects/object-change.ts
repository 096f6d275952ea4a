import {
  type DataObject,
  joinDates,
  type LineCounts,
  NO_DATES,
  type ObjectDates,
  type ObjectRecord,
  STAGES,
  type Stage,
} from './data-object.ts';

/**
 * How a record changes: what it returns is stored, undefined leaves the record as it is. `stored` is undefined when the
 * object is not recorded. Throws when the change may not be made yet. Marks only move forward, `reopened` aside.
 */
export type ObjectChange = (stored: ObjectRecord | undefined, object: string) => ObjectRecord | undefined;

/** Makes the records of objects that have none. Of two with one name the first counts. */
export function recorded(landed: readonly DataObject[]): ObjectChange {
  const byObject = new Map(landed.toReversed().map((each) => [each.object, each]));
  return (stored, object) => {
    const found = byObject.get(object);
    if (stored !== undefined || found === undefined) return undefined;
    const { lines, size_bytes } = found;
    return { object, lines, size_bytes, ...NO_DATES, stage: 'recorded', failures: 0 };
  };
}

/**
 * Its events are merged into the live runs. Tracked again, it keeps every date that any tracking found. `landed`: it has
 * just come to the store, so that a parked one is a mended copy of itself.
 */
export const tracked =
  (dates: ObjectDates, dates_as_of: number, landed?: Pick<DataObject, 'size_bytes'>): ObjectChange =>
  (stored, object) => {
    const record = known(stored, object);
    const dated = { ...record, ...joinDates(record, dates), dates_as_of };
    // It could be read, so it is there again.
    if (isMissing(record) || (record.stage === 'parked' && landed !== undefined))
      return { ...dated, ...landed, stage: 'tracked', failures: 0, why: undefined };
    return { ...dated, stage: record.stage === 'recorded' ? 'tracked' : record.stage };
  };

/** Leaves the record as it is: to read it. */
export const unchanged: ObjectChange = () => undefined;

/** Its lines are in `pipeline_logs`. `counts` holds those of the object among others. */
export function compacted(counts: readonly LineCounts[]): ObjectChange {
  const byObject = new Map(
    counts.map(({ object, lines, inserted, duplicates, unreadable, unaccepted }) => [
      object,
      { lines, inserted, duplicates, unreadable, unaccepted },
    ]),
  );
  // The first count is right: a second reading of the same lines finds duplicates only.
  return (stored, object) => moved(stored, object, 'tracked', 'compacted', { counts: byObject.get(object) });
}

/** Its runs are in the tables. */
export const summarized: ObjectChange = (stored, object) => moved(stored, object, 'compacted', 'summarized');

/** Compacting it failed once more. */
export const failed: ObjectChange = (stored, object) => {
  const record = known(stored, object);
  return { ...record, failures: record.failures + 1 };
};

/** No stage takes it again. An object that came through all stages is not parked. */
export const parked =
  (why: string): ObjectChange =>
  (stored, object) => {
    const record = known(stored, object);
    return IS_SETTLED.has(record.stage) ? undefined : { ...record, stage: 'parked', why };
  };

const IS_SETTLED: ReadonlySet<Stage> = new Set(['summarized', 'parked', 'forgotten']);

/** A parked object is due again, as if it had never failed. */
export const retried: ObjectChange = (stored) =>
  stored?.stage === 'parked'
    ? { ...stored, stage: stored.dates_as_of === undefined ? 'recorded' : 'tracked', failures: 0, why: undefined }
    : undefined;

/** A person decided to do without an object that is in no table. */
export const forgotten =
  (why: string): ObjectChange =>
  (stored) =>
    stored?.stage === 'parked' || stored?.stage === 'recorded' ? { ...stored, stage: 'forgotten', why } : undefined;

const MISSING = 'it is recorded, and gone from the store: put it back where it was, and it is taken in by itself';

/** It is not in the store. It is parked until it can be read again; once its lines are in the tables it is not missed. */
export const missing: ObjectChange = parked(MISSING);

/** Parked because it was not in the store: it is to be looked for again. */
export const isMissing = ({ stage, why }: Pick<ObjectRecord, 'stage' | 'why'>): boolean =>
  stage === 'parked' && why === MISSING;

/** Its lines and runs are to be taken into the tables again, because the tables were lost. */
export const retracked: ObjectChange = (stored) =>
  stored?.stage === 'compacted' || stored?.stage === 'summarized' ? { ...stored, stage: 'tracked' } : undefined;

/** Its runs are to be summarized again. Objects that were not summarized, or are not recorded, stay as they are. */
export const reopened: ObjectChange = (stored) =>
  stored?.stage === 'summarized' ? { ...stored, stage: 'compacted' } : undefined;

function known(stored: ObjectRecord | undefined, object: string): ObjectRecord {
  if (stored !== undefined) return stored;
  throw new Error(`Expected a recorded object, got ${object}, which is unknown. Record it first.`);
}

/** Undefined when the object is at this stage already, or beyond it. */
function moved(
  stored: ObjectRecord | undefined,
  object: string,
  from: Stage,
  to: Stage,
  more: Partial<ObjectRecord> = {},
): ObjectRecord | undefined {
  const record = known(stored, object);
  if (record.stage === from) return { ...record, ...more, stage: to };
  if (STAGES.indexOf(record.stage) > STAGES.indexOf(from)) return undefined;
  throw new Error(
    `Expected ${object} to be ${from} before it is ${to}, it is ${record.stage}. Mark the stages in order.`,
  );
}
