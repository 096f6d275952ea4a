import { expect, test } from 'vitest';
import { watchTroubles } from '../../local/troubles.ts';
import { aClock } from '../fakes/clock.ts';

const SINCE = '2025-11-03T12:00:00.000Z';

test('a cause is told once while it lasts, however often it comes, and its end is told', () => {
  const told: unknown[] = [];
  const troubles = watchTroubles(
    aClock(SINCE),
    (error) => told.push(error),
    (text) => told.push(text),
  );
  const full = new Error('the disk is full');
  const locked = new Error('it is locked');
  troubles.end('tables');
  troubles.begin('tables', full);
  troubles.begin('tables', new Error('the disk is full'));
  expect(troubles.list()).toEqual([{ part: 'tables', cause: 'the disk is full', since: SINCE }]);
  troubles.begin('tables', locked);
  troubles.begin('live runs', locked);
  expect(troubles.list().map(({ part, cause }) => [part, cause])).toEqual([
    ['tables', 'it is locked'],
    ['live runs', 'it is locked'],
  ]);
  troubles.end('tables');
  troubles.end('live runs');
  expect(told).toEqual([full, locked, locked, 'tables: works again', 'live runs: works again']);
  expect(troubles.list()).toEqual([]);
});
