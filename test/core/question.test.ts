import { expect, test } from 'vitest';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { argumentsOf, type Question } from '../../core/question.ts';

const NOW = '2026-11-30T12:00:00.000Z';
const question: Question = {
  name: 'failed-runs',
  summary: 'Runs that failed.',
  text: 'select :now, :since, :count, :owner, :tags',
  parameters: { now: 'instant', since: 'instant', count: 'integer', owner: 'text', tags: 'texts', name: 'text' },
  asks: {
    since: { kind: 'instant', default: '7d', comment: 'from then on' },
    count: { kind: 'integer', default: '20', comment: 'how many' },
    owner: { kind: 'text', default: '', comment: 'whose' },
    tags: { kind: 'texts', default: '', comment: 'which', oneOf: ['a', 'b', 'c'] },
    name: { kind: 'pattern', default: '*', comment: 'what it is called' },
  },
  columns: {},
};

test('what is not given has its default, and now is the time of asking', () => {
  expect(argumentsOf(question, {}, NOW)).toEqual({
    now: NOW,
    since: '2026-11-23T12:00:00.000Z',
    count: 20,
    owner: '',
    tags: [],
    name: '%',
  });
});

test.each([
  ['since', '24h', '2026-11-29T12:00:00.000Z'],
  ['since', '2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['since', '2026-11-01T06:00:00+01:00', '2026-11-01T05:00:00.000Z'],
  ['since', '999999w', '2000-01-01T00:00:00.000Z'],
  ['count', '-3', -3],
  ['owner', "o'team", "o'team"],
  ['tags', 'a,b,,c', ['a', 'b', 'c']],
  ['name', 'a_*\\50%', 'a\\_%\\\\50\\%'],
])('%s=%s is read', (name, text, value) => {
  expect(argumentsOf(question, { [name]: text }, NOW)[name]).toEqual(value);
});

test.each([
  [{ since: 'yesterday' }, 'failed-runs: expected since as a time, or how long ago (2026-11-30, '],
  [{ count: '1.5' }, 'failed-runs: expected count as a whole number, got "1.5"'],
  [{ tags: 'a,d' }, 'failed-runs: expected tags as one of a, b, c, got "a,d"'],
  [{ owner: 'a\0' }, 'failed-runs: expected owner as text, got "a\\u0000"'],
  [{ sinc: '7d' }, 'failed-runs: expected since, count, owner, tags, name, got "sinc"; did you mean since?'],
  [{ now: NOW }, 'failed-runs: expected since, count, owner, tags, name, got "now"'],
  [{ toString: 'x' }, 'failed-runs: expected since, count, owner, tags, name, got "toString"'],
])('%j is refused, with what was expected', (given, message) => {
  const ask = () => argumentsOf(question, given as unknown as Record<string, string>, NOW);
  expect(ask).toThrow(QueryRejectedError);
  expect(ask).toThrow(message);
});

test('a question without parameters says so', () => {
  const plain: Question = { ...question, text: 'select 1', parameters: {}, asks: {} };
  expect(() => argumentsOf(plain, { days: '7' }, NOW)).toThrow('failed-runs: expected no parameter, got "days"');
});
