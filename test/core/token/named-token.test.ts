import { expect, test } from 'vitest';
import { isExpired, isTokenName, nameInSecret, secretOf } from '../../../core/token/named-token.ts';

const RANDOM = 'A-_9'.repeat(11).slice(0, 43);

test('a secret says its name, and travels as a bearer and as an access key id', () => {
  for (const name of ['airflow', '0', 'a-b-c', 'x'.repeat(63)]) {
    const secret = secretOf(name, RANDOM);
    expect(nameInSecret(secret)).toBe(name);
    expect(secret).toMatch(/^[\w-]+$/);
  }
});

test.each(['', 'rl_airflow_', `rl_airflow_${RANDOM}x`, `rl_${RANDOM}`, `rl_Airflow_${RANDOM}`, `rl_../x_${RANDOM}`])(
  '"%s" has not the form of a secret',
  (text) => {
    expect(nameInSecret(text)).toBeUndefined();
  },
);

test.each(['', '-a', 'Airflow', 'a_b', 'a.b', 'a/b', '..', 'a b', 'ä', 'x'.repeat(64), 'a\n'])(
  '"%s" is no name of a token',
  (text) => {
    expect(isTokenName(text)).toBe(false);
  },
);

test('a token holds until the moment it expires, one without an end always', () => {
  const expires_at = '2026-01-01T00:00:00.000Z';
  expect(isExpired({ expires_at }, '2025-12-31T23:59:59.999Z')).toBe(false);
  expect(isExpired({ expires_at }, expires_at)).toBe(true);
  expect(isExpired({ expires_at: null }, '9999-01-01T00:00:00.000Z')).toBe(false);
});
