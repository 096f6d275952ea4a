import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timelineOf } from '../../../cli/screen/timeline.ts';

const whole = { startMs: 0, endMs: 100 };

test('steps one after the other tile the line, those at the same time stand one below the other', () => {
  const bars = timelineOf(
    whole,
    [
      { startMs: 0, endMs: 40 },
      { startMs: 40, endMs: 100 },
      { startMs: 20, endMs: 80 },
    ],
    10,
  );
  expect(bars).toEqual(['━━━━······', '····━━━━━━', '··━━━━━━··']);
});

test('the shortest step still shows, at the very end too', () => {
  expect(
    timelineOf(
      whole,
      [
        { startMs: 50, endMs: 50 },
        { startMs: 100, endMs: 100 },
      ],
      10,
    ),
  ).toEqual(['·····━····', '·········━']);
});

test('a step that still runs goes on to the end, open', () => {
  expect(timelineOf(whole, [{ startMs: 50, endMs: null }], 10)).toEqual(['·····━━━━╸']);
});

test('every bar is of the asked width, whatever the clocks said', () => {
  const timeMs = fc.integer({ min: -1_000, max: 2_000 });
  fc.assert(
    fc.property(
      timeMs,
      timeMs,
      timeMs,
      fc.option(timeMs),
      fc.integer({ min: 1, max: 80 }),
      (startMs, endMs, from, to, width) => {
        const [bar = ''] = timelineOf({ startMs, endMs }, [{ startMs: from, endMs: to }], width);
        expect(bar).toHaveLength(width);
        expect(bar).toMatch(/^·*(━+|━*╸)·*$/);
      },
    ),
  );
});
