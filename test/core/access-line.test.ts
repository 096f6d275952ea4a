import { expect, test } from 'vitest';
import { type Access, accessLine } from '../../core/access-line.ts';
import { maskOf } from '../../core/mask/mask.ts';

const anAccess = (access: Partial<Access>): Access => ({
  access_key: 'k',
  asked_at: '2025-11-03T12:00:00.000Z',
  caller: 'arn:aws:sts::123456789012:assumed-role/analyst/ada@example.com',
  source: '192.0.2.7',
  user_agent: 'a notebook',
  via: 'athena',
  question: 'select 1',
  error: null,
  ...access,
});
const lineOf = (access: Partial<Access>) => JSON.parse(accessLine(anAccess(access), maskOf()));

test('the question is masked, and who asked it stays', () => {
  expect(lineOf({ question: "select 'bob@example.com'", user_agent: 'cli password=hunter22x' })).toEqual({
    ...anAccess({}),
    question: "select '[email]'",
    user_agent: 'cli password=[secret]',
  });
});

test('whatever is asked, by whatever program, is one line of bounded length that every engine reads', () => {
  const long = `'\n\0\uD800${'x'.repeat(300_000)}`;
  const line = accessLine(
    anAccess({ caller: long, source: long, user_agent: long, question: long, error: long }),
    maskOf(),
  );
  expect(line.length).toBeLessThan(30_000);
  expect(line).not.toContain('\n');
  expect(line).not.toContain('\\u0000');
  expect(line.isWellFormed()).toBe(true);
  expect(line).not.toMatch(/\\ud[89ab]/i);
});

test('what is not known stays null', () => {
  expect(lineOf({ caller: null, source: null, user_agent: null, question: null })).toMatchObject({
    caller: null,
    question: null,
  });
});
