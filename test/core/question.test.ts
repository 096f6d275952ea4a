import { expect, test } from 'vitest';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { argumentsOf, type Question } from '../../core/question.ts';
import { defineQuery, render } from '../../sql/define-query.ts';

const NOW = '2026-11-30T12:00:00.000Z';
const question: Question = {
  name: 'failed-runs',
  summary: 'Runs that failed.',
  text: 'select :now, :since, :count, :owner, :tags',
  parameters: { now: 'instant', since: 'instant', count: 'integer', owner: 'text', tags: 'texts', name: 'pattern' },
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
    name: '*',
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
  ['name', 'a_*\\50%', 'a_*\\50%'],
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

const bounded: Question = {
  ...question,
  text: 'select :day, :pipeline, :by, :depth',
  parameters: { day: 'day', pipeline: 'pattern', by: 'text', depth: 'integer' },
  asks: {
    day: { kind: 'day', default: '0d', comment: 'which day' },
    pipeline: { kind: 'pattern', default: '*', comment: 'which pipelines' },
    by: { kind: 'text', default: 'day', comment: 'day or week', oneOf: ['day', 'week'] },
    depth: { kind: 'integer', default: '3', comment: 'how far', between: [1, 10] },
  },
};

test('a day is the day of a time, and what is bounded is held to its bounds', () => {
  expect(argumentsOf(bounded, { day: '1d', pipeline: 'a*' }, NOW)).toEqual({
    day: '2026-11-29',
    pipeline: 'a*',
    by: 'day',
    depth: 3,
  });
  expect(argumentsOf(bounded, { day: '2026-02-03T23:00:00Z' }, NOW).day).toBe('2026-02-03');
  expect(() => argumentsOf(bounded, { by: 'month' }, NOW)).toThrow('expected by as one of day, week, got "month"');
  expect(() => argumentsOf(bounded, { depth: '11' }, NOW)).toThrow('expected depth as a whole number from 1 to 10');
  expect(() => argumentsOf(bounded, { day: 'soon' }, NOW)).toThrow('expected day as a day, or how long ago');
});

test('a pattern is text but for its stars', () => {
  const text = (pipeline: string) =>
    render(defineQuery({ name: 'q', text: ':pipeline', parameters: { pipeline: 'pattern' }, columns: {} }), {
      pipeline,
    });
  expect(['a*', '', 'it_s 100%', 'b\\c', "d'?"].map(text)).toEqual([
    ...["'a%'", "'%'", "'it\\_s 100\\%'", "'b\\\\c'", "'d''_'"],
  ]);
});
