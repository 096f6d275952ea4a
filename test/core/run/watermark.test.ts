import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runOf } from '../../../core/run/run-of.ts';
import { furthest, isWithdrawn, type Watermark, watermarkOf } from '../../../core/run/watermark.ts';
import { anEvent } from '../../factories.ts';

const instant = fc.constantFrom('2025-11-01T00:00:00.000Z', '2025-11-02T00:00:00.000Z', '2025-11-03T00:00:00.000Z');
const id = fc.constantFrom('a', 'b', 'c');
const mark = fc.tuple(fc.option(fc.tuple(instant, id)), fc.option(fc.tuple(instant, id))).map(
  ([data, last]): Watermark => ({
    ...(data && { data_until: data[0], data_until_run_id: data[1] }),
    ...(last && { last_success_at: last[0], last_success_run_id: last[1] }),
  }),
);

test('the order and the repetition of successes never change a watermark', () => {
  fc.assert(
    fc.property(mark, mark, mark, (a, b, c) => {
      expect(furthest(a, b)).toEqual(furthest(b, a));
      expect(furthest(furthest(a, b), c)).toEqual(furthest(a, furthest(b, c)));
      expect(furthest(a, a)).toEqual(a);
      expect(furthest(a, {})).toEqual(a);
    }),
  );
});

test('only a run that succeeded brings the data anywhere', () => {
  const end = {
    event_type: 'RUN_END',
    event_time: '2025-11-03T13:00:00.000Z',
    data_interval_end: '2025-11-03T00:00:00.000Z',
  } as const;
  expect(watermarkOf(runOf(anEvent({ ...end, status: 'FAILED' })))).toEqual({});
  const good = runOf(anEvent({ ...end, status: 'SUCCESS' }));
  const reached = watermarkOf(good);
  expect(reached).toEqual({
    data_until: end.data_interval_end,
    data_until_run_id: good.run_id,
    last_success_at: end.event_time,
    last_success_run_id: good.run_id,
  });
  expect(isWithdrawn(reached, good)).toBe(false);
  expect(isWithdrawn(reached, runOf(anEvent({ ...end, status: 'FAILED' })))).toBe(true);
  expect(isWithdrawn(reached, runOf(anEvent({ ...end, status: 'FAILED', run_id: 'another' })))).toBe(false);
});
