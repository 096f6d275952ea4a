import { expect, test } from 'vitest';
import { maskOf } from '../../../core/mask/mask.ts';
import { isExpired, isTokenName, nameInSecret, secretOf } from '../../../core/token/named-token.ts';

const RANDOM = 'A-_9'.repeat(11).slice(0, 43);

test('a secret says its name, and travels as a bearer and as an access key id', () => {
  for (const name of ['airflow', '0', 'a-b-c', 'x'.repeat(63)]) {
    const secret = secretOf(name, RANDOM);
    expect(nameInSecret(secret)).toBe(name);
    expect(secret).toMatch(/^[\w-]+$/);
  }
});

test.each([
  '',
  'rl_airflow_',
  `rl_airflow_${RANDOM}`,
  `rl_airflow_Rl7${RANDOM}x`,
  `rl_airflow_Rl7${RANDOM.slice(1)}`,
  `rl_Rl7${RANDOM}`,
  `rl_Airflow_Rl7${RANDOM}`,
  `rl_../x_Rl7${RANDOM}`,
])('"%s" has not the form of a secret', (text) => {
  expect(nameInSecret(text)).toBeUndefined();
});

test('the mask knows a secret in running text, also one that was cut, and no word that begins as one does', () => {
  const mask = maskOf();
  for (const name of ['a', 'airflow', 'x'.repeat(63)]) {
    const secret = secretOf(name, RANDOM);
    expect(mask(`got ${secret}, and left`)).toBe('got [runledger-token], and left');
    expect(mask(`https://x:${secret}@host/`)).not.toContain(RANDOM);
    expect(mask(`cut ${secret.slice(0, -20)}…`)).toBe('cut [runledger-token]…');
  }
  for (const word of WORDS) expect(mask(`table ${word} is ready`)).toBe(`table ${word} is ready`);
});

const WORDS = [
  'rl_orders',
  'rl_customer_orders_daily_assemble_and_publish_to_the_warehouse_v2',
  'rl_Customer_Orders_Daily_Assemble_And_Publish_To_The_Warehouse_V2',
  'rl_rl7_agents_deep_q_network_training_of_the_2026_season',
  'RL_Rl7',
  'rl_',
];

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
