import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_DATES, type ObjectRecord, STAGES, type Stage } from '../../../core/objects/data-object.ts';
import {
  compacted,
  failed,
  forgotten,
  isMissing,
  missing,
  type ObjectChange,
  parked,
  recorded,
  reopened,
  retracked,
  retried,
  summarized,
  tracked,
} from '../../../core/objects/object-change.ts';

const OBJECT = 'raw/dt=2025-11-03/hh=12/a.ndjson';
const LANDED = { object: OBJECT, lines: 10, size_bytes: 1_000 };
const DATES = { event_dates: ['2025-11-03'], log_dates: ['2025-11-02'], run_dates: ['2025-11-01'] };
const COUNTS = { lines: 10, inserted: 7, duplicates: 1, unreadable: 1, unaccepted: 1 };
const counted = (counts: Partial<typeof COUNTS> = {}) => compacted([{ object: OBJECT, ...COUNTS, ...counts }]);

const aRecord = (overrides: Partial<ObjectRecord> = {}): ObjectRecord => ({
  ...{ ...LANDED, ...NO_DATES, stage: 'recorded', failures: 0 },
  ...overrides,
});

/** The record after these changes, each made as a store makes it. */
const madeBy = (record: ObjectRecord | undefined, ...changes: readonly ObjectChange[]): ObjectRecord | undefined =>
  changes.reduce((stored, change) => change(stored, OBJECT) ?? stored, record);

describe('an object', () => {
  test('is recorded with nothing but what it landed with', () => {
    expect(madeBy(undefined, recorded([LANDED]))).toEqual(aRecord());
  });

  test('recorded again stays as it is, and of two with one name the first counts', () => {
    expect(recorded([LANDED])(aRecord({ stage: 'tracked' }), OBJECT)).toBeUndefined();
    expect(madeBy(undefined, recorded([LANDED, { ...LANDED, lines: 99 }]))).toMatchObject({ lines: 10 });
  });

  test('found in the store has no count of lines', () => {
    expect(madeBy(undefined, recorded([{ object: OBJECT, size_bytes: 1 }]))?.lines).toBeUndefined();
  });

  test('is tracked, compacted and summarized, in this order', () => {
    expect(madeBy(aRecord(), tracked(DATES, 0))).toEqual(aRecord({ ...DATES, stage: 'tracked', dates_as_of: 0 }));
    expect(madeBy(aRecord(), tracked(DATES, 0), counted())).toMatchObject({ stage: 'compacted', counts: COUNTS });
    expect(madeBy(aRecord(), tracked(DATES, 0), counted(), summarized)).toMatchObject({ stage: 'summarized' });
  });

  test('keeps every date that any tracking found, sorted, whatever its stage', () => {
    const more = { event_dates: ['2025-11-01', '2025-11-03'], log_dates: [], run_dates: ['2025-10-31'] };
    expect(madeBy(aRecord({ ...DATES, stage: 'summarized' }), tracked(more, 0))).toMatchObject({
      stage: 'summarized',
      event_dates: ['2025-11-01', '2025-11-03'],
      log_dates: ['2025-11-02'],
      run_dates: ['2025-10-31', '2025-11-01'],
    });
  });

  test('keeps the first count of its lines', () => {
    const again = counted({ inserted: 0, duplicates: 8 });
    expect(madeBy(aRecord({ stage: 'tracked' }), counted(), again)).toMatchObject({ counts: { inserted: 7 } });
    expect(madeBy(aRecord({ stage: 'tracked' }), counted(), summarized, again, reopened, again)).toMatchObject({
      counts: { inserted: 7 },
    });
  });

  test('takes its own count of many', () => {
    const other = { object: 'raw/other', ...COUNTS, lines: 99 };
    const change = compacted([other, { object: OBJECT, ...COUNTS }, { ...other, object: 'raw/third' }]);
    expect(madeBy(aRecord({ stage: 'tracked' }), change)).toMatchObject({ counts: COUNTS });
  });

  test('counts its failures', () => {
    expect(madeBy(aRecord(), failed, failed)).toMatchObject({ stage: 'recorded', failures: 2 });
  });

  test.each(['recorded', 'tracked', 'compacted'] as const)('that is %s can be parked, with the reason', (stage) => {
    expect(madeBy(aRecord({ stage }), parked('broken'))).toMatchObject({ stage: 'parked', why: 'broken' });
  });

  test('that came through all stages is not parked, and a parked one keeps its first reason', () => {
    expect(parked('late')(aRecord({ stage: 'summarized' }), OBJECT)).toBeUndefined();
    expect(madeBy(aRecord(), parked('first'), parked('second'))).toMatchObject({ why: 'first' });
  });

  test('is reopened only when it was summarized', () => {
    expect(madeBy(aRecord({ stage: 'summarized' }), reopened)).toMatchObject({ stage: 'compacted' });
    for (const stage of ['recorded', 'tracked', 'compacted', 'parked'] as const)
      expect(reopened(aRecord({ stage }), OBJECT)).toBeUndefined();
    expect(reopened(undefined, OBJECT)).toBeUndefined();
  });

  test('that skips a stage is refused', () => {
    expect(() => counted()(aRecord(), OBJECT)).toThrow(
      `Expected ${OBJECT} to be tracked before it is compacted, it is recorded. Mark the stages in order.`,
    );
    expect(() => summarized(aRecord({ stage: 'tracked' }), OBJECT)).toThrow('to be compacted before it is summarized');
  });

  test.each([
    ['tracked', tracked(DATES, 0)],
    ['compacted', counted()],
    ['summarized', summarized],
    ['failed', failed],
    ['parked', parked('why')],
  ])('that is unknown cannot be %s', (_, change) => {
    expect(() => change(undefined, OBJECT)).toThrow(
      `Expected a recorded object, got ${OBJECT}, which is unknown. Record it first.`,
    );
  });
});

describe('whatever is done in whatever order', () => {
  const change = fc.constantFrom<ObjectChange>(recorded([LANDED]), tracked(DATES, 0), counted(), summarized, failed);
  const stepwise = (changes: readonly ObjectChange[]): readonly (ObjectRecord | undefined)[] => {
    let stored: ObjectRecord | undefined;
    return changes.map((each) => {
      try {
        stored = each(stored, OBJECT) ?? stored;
      } catch {
        // Refused: the store keeps what it has.
      }
      return stored;
    });
  };
  const rankOf = (record: ObjectRecord | undefined): number => (record ? STAGES.indexOf(record.stage) : -1);

  test('a stage never moves back, and moves by one at most', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const ranks = [-1, ...stepwise(changes).map(rankOf)];
        for (const [at, rank] of ranks.slice(1).entries()) {
          const before = ranks[at] ?? -1;
          expect(rank === before || rank === before + 1).toBe(true);
        }
      }),
    );
  });

  test('only reopening moves a stage back, from summarized to compacted; parked is final', () => {
    const any = fc.oneof(change, fc.constantFrom<ObjectChange>(reopened, parked('why')));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (changes) => {
        const stages = stepwise(changes).map((record) => record?.stage);
        for (const [at, stage] of stages.slice(1).entries()) {
          const before: Stage | undefined = stages[at];
          if (before === 'parked') expect(stage).toBe('parked');
          if (before !== undefined && stage !== undefined && STAGES.indexOf(stage) < STAGES.indexOf(before))
            expect([before, stage, changes[at + 1]]).toEqual(['summarized', 'compacted', reopened]);
        }
      }),
    );
  });
});

describe('a parked object', () => {
  const isParked = aRecord({ stage: 'parked', why: 'it is torn', failures: 3 });

  test('is due again from where it was: to be tracked, or to be compacted', () => {
    expect(madeBy(isParked, retried)).toEqual(aRecord());
    const wasTracked = { ...isParked, ...DATES, dates_as_of: 7 };
    expect(madeBy(wasTracked, retried)).toEqual(aRecord({ ...DATES, dates_as_of: 7, stage: 'tracked' }));
  });

  test('is due when a copy of it lands, of which it has the size then, and not when it is only read again', () => {
    expect(madeBy(isParked, tracked(DATES, 0, { size_bytes: 5 }))).toEqual(
      aRecord({ ...DATES, dates_as_of: 0, stage: 'tracked', size_bytes: 5 }),
    );
    expect(madeBy(isParked, tracked(DATES, 0))?.stage).toBe('parked');
  });

  test('that is forgotten stays so, whatever comes', () => {
    const isForgotten = madeBy(isParked, forgotten('sent again')) as ObjectRecord;
    expect(isForgotten).toEqual({ ...isParked, stage: 'forgotten', why: 'sent again' });
    const later = [
      retried,
      missing,
      parked('x'),
      tracked(DATES, 0, { size_bytes: 5 }),
      counted(),
      summarized,
      retracked,
    ];
    for (const change of [...later, reopened])
      expect(madeBy(isForgotten, change)).toMatchObject({ stage: 'forgotten', why: 'sent again' });
  });

  test('alone can be retried, and forgotten unless it was only recorded', () => {
    for (const stage of STAGES) {
      expect(retried(aRecord({ stage }), OBJECT)?.stage).toBe(stage === 'parked' ? 'recorded' : undefined);
      const isForgotten = stage === 'parked' || stage === 'recorded' ? 'forgotten' : undefined;
      expect(forgotten('why')(aRecord({ stage }), OBJECT)?.stage).toBe(isForgotten);
    }
    expect([retried(undefined, OBJECT), forgotten('why')(undefined, OBJECT)]).toEqual([undefined, undefined]);
  });
});

describe('an object that is gone from the store', () => {
  test('is parked, and tracked as soon as it can be read again', () => {
    const gone = madeBy(aRecord(), missing) as ObjectRecord;
    expect([gone.stage, isMissing(gone)]).toEqual(['parked', true]);
    expect(madeBy(gone, tracked(DATES, 0))).toEqual(aRecord({ ...DATES, stage: 'tracked', dates_as_of: 0 }));
    expect(isMissing(madeBy(aRecord(), parked('it is corrupt')) as ObjectRecord)).toBe(false);
    expect(madeBy(aRecord(), parked('it is corrupt'), tracked(DATES, 0))?.stage).toBe('parked');
  });

  test('is not missed once its lines are in every table', () => {
    expect(missing(aRecord({ stage: 'summarized' }), OBJECT)).toBeUndefined();
  });
});

test('when the tables are lost, what was taken into them is to be taken again', () => {
  for (const stage of STAGES) {
    const again = retracked(aRecord({ stage }), OBJECT)?.stage;
    expect(again).toBe(stage === 'compacted' || stage === 'summarized' ? 'tracked' : undefined);
  }
});
