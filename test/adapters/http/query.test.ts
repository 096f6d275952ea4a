import { expect, test } from 'vitest';
import { ANSWER_LIMITS, QueryRejectedError } from '../../../core/ports/answer-engine.ts';
import { anApp, errorOf, recordingAnswers } from './fakes.ts';

const post = (body: string): RequestInit => ({ method: 'POST', body });
const LIMITS = { ...ANSWER_LIMITS, timeoutMs: 10_000 };

test.each([
  ['POST {sql}', '/query', post('{"sql":"select 1"}')],
  ['POST of the SELECT itself', '/query', post('select 1\n')],
  ['GET', '/query?sql=select%201', {}],
])('%s asks within the limits and answers in JSON', async (_, path, request) => {
  const { app, answers } = anApp();
  const response = await app.request(path, request);
  expect(answers.asked).toEqual([['select 1', LIMITS]]);
  expect(await response.json()).toEqual({
    columns: [{ name: 'n', type: 'BIGINT' }],
    rows: [[1]],
    truncated: false,
    elapsed_ms: 2,
  });
});

test.each([
  ['the URL', '/query?format=csv', post('{"sql":"select 1"}')],
  ['the body', '/query', post('{"sql":"select 1","format":"csv"}')],
])('format=csv in %s answers CSV that a spreadsheet reads as it was meant', async (_, path, request) => {
  const rows = [
    ['plain', null, 1, true],
    ['a "b", c', '', 1.5, { a: [1] }],
    ['two\nlines', ' edges ', '9007199254740993', 'é'],
  ];
  const columns = ['name', 'a,b', 'n', 'x'].map((name) => ({ name, type: 'VARCHAR' }));
  const { app } = anApp({ ports: { answers: recordingAnswers({ columns, rows, truncated: true }) } });
  const response = await app.request(path, request);
  expect(await response.text()).toBe(
    [
      'name,"a,b",n,x',
      'plain,,1,true',
      '"a ""b"", c","",1.5,"{""a"":[1]}"',
      '"two\nlines"," edges ",9007199254740993,é',
      '',
    ].join('\r\n'),
  );
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(response.headers.get('x-runledger-truncated')).toBe('true');
});

test('an answer of many pieces is whole, in JSON and in CSV', async () => {
  const rows = Array.from({ length: 5_000 }, (_, n) => [n, 'x'.repeat(50), '\u001b']);
  const columns = ['n', 'x', 'e'].map((name) => ({ name, type: 'VARCHAR' }));
  const { app } = anApp({ ports: { answers: recordingAnswers({ columns, rows }) } });
  const json = await (await app.request('/query', post('{"sql":"select 1"}'))).text();
  expect(json).not.toContain('\u001b');
  expect(JSON.parse(json)).toEqual({ columns, rows, truncated: false, elapsed_ms: 2 });
  const csv = await (await app.request('/query?format=csv', post('{"sql":"select 1"}'))).text();
  expect(csv.split('\r\n')).toEqual(['n,x,e', ...rows.map(([n, x]) => `${n},${x},\\u001b`), '']);
});

test('what the engine refuses is a 400 with its reason', async () => {
  const { app } = anApp({
    ports: { answers: recordingAnswers({}, new QueryRejectedError('expected one SELECT, but got DROP')) },
  });
  const response = await app.request('/query', post('{"sql":"drop table x"}'));
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: { code: 'refused', message: 'expected one SELECT, but got DROP' } });
});

test.each([
  ['no sql', '{}', 'expected {"sql": "select …"}, with "format" json or csv, and "timeout_ms", but got no sql'],
  [
    'sql that is no text',
    '{"sql":5}',
    'expected {"sql": "select …"}, with "format" json or csv, and "timeout_ms", but got sql 5',
  ],
  [
    'an unknown key',
    '{"sql":"select 1","limit":5}',
    'expected {"sql": "select …"}, with "format" json or csv, and "timeout_ms", but got also "limit"',
  ],
  ['an unknown format', '{"sql":"select 1","format":"xml"}', 'expected format json or csv, but got "xml"'],
  [
    'half of a body',
    '{"sql":',
    expect.stringMatching(/^expected \{"sql": "select …"\}.+ but got a body that is not JSON \(.+\)$/),
  ],
])('%s is refused with what was expected', async (_, body, message) => {
  const { app, answers } = anApp();
  const response = await app.request('/query', post(body));
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: { code: 'bad_request', message } });
  expect(answers.asked).toEqual([]);
});

test('a question of more than 256 KiB is not read', async () => {
  const { app, answers } = anApp();
  const response = await app.request('/query', post(`select ${'1,'.repeat(200_000)}1`));
  expect([response.status, await errorOf(response)]).toEqual([
    413,
    { code: 'too_large', message: 'expected a body of at most 256 KiB, but got more; send it in smaller parts' },
  ]);
  expect(answers.asked).toEqual([]);
});
