import { expect, test } from 'vitest';
import { waitedSeconds } from '../../../core/objects/waiting.ts';

const NOW = '2025-11-03T14:30:00.000Z';

test('an object waits from the end of the hour it landed in, in whole seconds', () => {
  const object = 'raw/dt=2025-11-03/hh=12/a';
  expect(waitedSeconds(object, '2025-11-03T12:00:00.000Z')).toBe(0);
  expect(waitedSeconds(object, '2025-11-03T13:00:00.999Z')).toBe(0);
  expect(waitedSeconds(object, '2025-11-03T13:00:01.000Z')).toBe(1);
  expect(waitedSeconds('raw/dt=2025-11-03/hh=23/a', '2025-11-04T00:00:05.000Z')).toBe(5);
});

test('what has no hour in its key has not waited', () => {
  for (const key of [undefined, 'raw/a', 'raw/dt=2025-11-03/a', 'raw/hh=12/a']) expect(waitedSeconds(key, NOW)).toBe(0);
});
