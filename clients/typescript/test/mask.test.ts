import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEmail, mask } from '../src/mask.ts';

const JWT = `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0NTY3ODkwIn0'}.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`;

const EXAMPLES: readonly (readonly [text: string, masked: string])[] = [
  ['mail bob.smith+x@mail.example.co.uk now', 'mail [email] now'],
  ['müller@büro.de', '[email]'],
  ['key AKIAIOSFODNN7EXAMPLE used', 'key [aws-access-key] used'],
  ['Authorization: Bearer abc.def-123456', 'Authorization: Bearer [token]'],
  ['sent bearer abcdefgh12345', 'sent bearer [token]'],
  [`got ${JWT}!`, 'got [jwt]!'],
  ['postgres://app:s3cr3t@db:5432/orders', 'postgres://app:[password]@db:5432/orders'],
  ['mongodb://bob@example.com:p@ss@db/x', 'mongodb://[email]:[password]@db/x'],
  ['{"url":"http://h:80","to":"a@b.de"}', '{"url":"http://h:80","to":"[email]"}'],
  ['password=hunter2&user=x', 'password=[secret]&user=x'],
  ['DB_PASSWORD: "my pass word"', 'DB_PASSWORD: "[secret]"'],
  ['{"api_key":"abc","n":1}', '{"api_key":"[secret]","n":1}'],
  [String.raw`{\"token\":\"abc\"}`, String.raw`{\"token\":\"[secret]\"}`],
  ["secret = 'it is'", "secret = '[secret]'"],
  [
    'https://b.s3.amazonaws.com/k?X-Amz-Signature=abc123&x=1',
    'https://b.s3.amazonaws.com/k?X-Amz-Signature=[signature]&x=1',
  ],
  [
    'https://a.blob.core.windows.net/c?sv=1&sig=abc%3D&se=2',
    'https://a.blob.core.windows.net/c?sv=1&sig=[signature]&se=2',
  ],
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = [secret]'],
];

/** What every client and the ledger must give. A text stands in parts where it would look like a leak to a scanner. */
const VECTORS: readonly { readonly text: readonly string[]; readonly masked: string }[] = JSON.parse(
  readFileSync(new URL('../../vectors/mask.json', import.meta.url), 'utf8'),
);

describe('masking', () => {
  test.each(EXAMPLES)('of %j is %j', (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test.each([
    'zod@4.6.7 and @aws-sdk/core@3.1.0',
    's3://bucket/a/dt=2026-11-03/',
    'tokens: 512, the secret of it',
    'table public.user_keys has 3 rows',
    'at Run.step (file:///app/src/run.ts:56:20)',
  ])('leaves %j as it is', (text) => {
    expect(mask(text)).toBe(text);
  });

  test.each(EXAMPLES)('of %j is masked for good', (text) => {
    expect(mask(mask(text))).toBe(mask(text));
  });

  test('leaves no secret, whatever stands around it', () => {
    const secrets = [
      'bob@example.com',
      'AKIAIOSFODNN7EXAMPLE',
      JWT,
      'password=hunter2',
      'Bearer abcdefgh1234',
      'x://u:hunter2@h',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...secrets), fc.constantFrom(' ', '\n', '; ', ' (')), { minLength: 1 }),
        (parts) => {
          const masked = mask(parts.flat().join(''));
          for (const part of ['bob', 'AKIA', 'eyJ', 'hunter2', 'abcdefgh1234']) expect(masked).not.toContain(part);
        },
      ),
    );
  });

  test.each([
    'a@'.repeat(200_000),
    'a.'.repeat(200_000),
    `a@${'1.'.repeat(200_000)}`,
    '://a'.repeat(100_000),
    '-eyJaaaaaaaaa'.repeat(30_000),
    'eyJaaaaaaaaa.'.repeat(30_000),
    'bearer '.repeat(60_000),
    'password="'.repeat(40_000),
    `token=${' '.repeat(400_000)}`,
    'secret:'.repeat(60_000),
  ])('gets through a hostile text (%#)', (text) => {
    expect(mask(text).length).toBeGreaterThan(0);
  });

  test.each(VECTORS)('of $text is $masked, as in every client', ({ text, masked }) => {
    expect(mask(text.join(''))).toBe(masked);
  });

  test('knows an e-mail address from a text that holds one', () => {
    expect([isEmail('bob@example.com'), isEmail('to bob@example.com'), isEmail('svc_orders')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
