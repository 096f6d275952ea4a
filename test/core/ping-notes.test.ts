import { expect, test } from 'vitest';
import { instantAfter } from '../../core/instant.ts';
import type { PingState } from '../../core/ping.ts';
import { noted, type PingNote, type StartedRun, takenBack } from '../../core/ping-notes.ts';

const START = '2025-11-03T12:00:00.000Z';
const after = (minutes: number): string => instantAfter(START, minutes * 60_000) ?? '';

/** Pings one after the other, a minute apart; the id of the run that each belongs to. */
function pinged(
  pings: readonly (readonly [PingState, string?])[],
  { elsewhere = [], minutes = 1 }: { elsewhere?: readonly StartedRun[]; minutes?: number } = {},
) {
  let notes: readonly PingNote[] = [];
  const ids = pings.map(([state, run_id], at) => {
    const context = { newRunId: `new-${at}`, elsewhere, now: after(at * minutes) };
    const next = noted(notes, { state, run_id }, context);
    notes = next.notes;
    return next.run_id;
  });
  return { ids, notes };
}

test('what is told of no run is told of the one that started last and has not ended', () => {
  expect(pinged([['start'], ['start'], ['log'], ['success'], ['fail'], [0]]).ids).toEqual([
    ...['new-0', 'new-1', 'new-1', 'new-1', 'new-0', 'new-5'],
  ]);
});

test('a ping that names its run is of that run, and the run counts as begun and as ended', () => {
  expect(pinged([['start', 'a'], ['start', 'b'], ['success', 'b'], ['success'], ['log', 'b'], [1]]).ids).toEqual([
    ...['a', 'b', 'b', 'a', 'b', 'new-5'],
  ]);
});

test('a run that started again under its id is open again', () => {
  expect(pinged([['start', 'a'], ['fail'], ['start', 'a'], ['success']]).ids).toEqual(['a', 'a', 'a', 'a']);
});

test('a sign of life without a run is of a run of its own, which the next one joins', () => {
  expect(pinged([['log'], ['log'], ['success'], ['log']]).ids).toEqual(['new-0', 'new-0', 'new-0', 'new-3']);
});

test('a run that another producer began is joined when it started last, until a ping ends it', () => {
  const elsewhere = [{ run_id: 'sdk', started_at: after(0.5) }];
  expect(pinged([['start'], ['success'], ['success'], ['success']], { elsewhere }).ids).toEqual([
    ...['new-0', 'sdk', 'new-0', 'new-3'],
  ]);
  expect(pinged([['start'], ['start'], ['success']], { elsewhere }).ids.at(-1)).toBe('new-1');
});

test('a run that nobody heard of for a day is joined no more, and one that is alive is', () => {
  const day = { minutes: 24 * 60 };
  expect(pinged([['start'], ['success']], day).ids).toEqual(['new-0', 'new-1']);
  expect(pinged([['start'], ['log'], ['log'], ['log'], ['success']], { minutes: 12 * 60 }).ids.at(-1)).toBe('new-0');
});

test('of many runs a bounded number is noted, and the open ones are not pushed out by those that ended', () => {
  const many = Array.from({ length: 200 }, (): readonly [PingState] => ['success']);
  const { ids, notes } = pinged([['start'], ...many.slice(0, 1), ['start'], ['start'], ...many.slice(0, 2)]);
  expect(ids.slice(-2)).toEqual(['new-3', 'new-2']);
  expect(notes.length).toBeLessThan(10);
  expect(pinged(many.map(() => ['start'] as const)).notes).toHaveLength(50);
});

test('a ping that could not be sent is taken back: what it began is gone, what it ended is open', () => {
  const begun = pinged([['start']]);
  expect(takenBack(begun.notes, 'new-0', undefined)).toEqual([]);
  const ended = pinged([['start'], ['success']]);
  const notes = takenBack(ended.notes, 'new-0', begun.notes[0]);
  const context = { newRunId: 'x', elsewhere: [], now: after(2) };
  expect(noted(notes, { state: 'success' }, context).run_id).toBe('new-0');
});
