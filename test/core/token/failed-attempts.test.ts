import { expect, test } from 'vitest';
import { countFailedAttempts, networkOf } from '../../../core/token/failed-attempts.ts';

const LIMITS = { attempts: 3, windowMs: 1_000, addresses: 4 };

function failing(address: string, times: number, nowMs = 0, limits = LIMITS) {
  const failed = countFailedAttempts(limits);
  for (let time = 0; time < times; time++) failed.record(address, nowMs);
  return failed;
}

test('an address that failed too often waits until its window has passed', () => {
  expect(failing('10.0.0.1', 2).waitMs('10.0.0.1', 0)).toBe(0);
  const failed = failing('10.0.0.1', 3);
  expect(failed.waitMs('10.0.0.1', 0)).toBe(1_000);
  expect(failed.waitMs('10.0.0.1', 999)).toBe(1);
  expect(failed.waitMs('10.0.0.1', 1_000)).toBe(0);
  failed.record('10.0.0.1', 1_000);
  expect(failed.waitMs('10.0.0.1', 1_000)).toBe(0);
});

test('others do not wait for it', () => {
  expect(failing('10.0.0.1', 3).waitMs('10.0.0.2', 0)).toBe(0);
});

test('nobody waits longer than a window, also when the clock is set back', () => {
  expect(failing('10.0.0.1', 3, 1_000_000).waitMs('10.0.0.1', 500)).toBe(0);
});

test('no more addresses are remembered than were allowed: the one that began first is forgotten', () => {
  const failed = failing('10.0.0.0', 3);
  for (let other = 1; other < LIMITS.addresses; other++) failed.record(`10.0.0.${other}`, 0);
  expect(failed.waitMs('10.0.0.0', 0)).toBe(1_000);
  failed.record('10.0.1.0', 0);
  expect(failed.waitMs('10.0.0.0', 0)).toBe(0);
});

test.each([
  ['192.168.1.5', '192.168.1.5'],
  ['::ffff:192.168.1.5', '192.168.1.5'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['unknown', 'unknown'],
])('%s is of the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
