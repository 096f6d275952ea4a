import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { questions } from '../../sql/questions.ts';
import { type Served, serveLedger } from './served.ts';

/** A name of an owner that would end a text of SQL. */
const HOSTILE = "team' or '1'='1";
const SECRET = 'zebra';
let served: Served;
let token: string;
beforeAll(async () => {
  served = await serveLedger();
  const began = new Date(Date.now() - 3_600_000).toISOString();
  const event = { event_type: 'RUN_END', status: 'SUCCESS', environment: 'prod', start_time: began };
  const lines = [
    { ...event, process_name: 'ours', run_id: 'run-1', owner: HOSTILE },
    { ...event, process_name: SECRET, run_id: SECRET, owner: SECRET, message: SECRET, cluster: { cluster_id: SECRET } },
  ];
  expect(await served.send(lines.map((line) => JSON.stringify(line)).join('\n'))).toBe(200);
  const options = ['--role', 'operate', '--owner', HOSTILE, '--environment', 'prod', '--data', served.folder];
  token = execFileSync(process.execPath, ['dist/runledger.mjs', 'token', 'create', 'limited', ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
});
afterAll(() => served.close());

const ask = async (path: string, init: RequestInit = {}) => {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  const response = await fetch(`${served.url}${path}`, { ...init, headers });
  return { status: response.status, text: await response.text() };
};

test('a limit is a text of SQL, whatever it holds', async () => {
  const { status, text } = await ask('/api/questions/pipelines?since=30d');
  expect([status, text.includes('"ours"'), text.includes(SECRET)]).toEqual([200, true, false]);
});

const ESCAPES = [
  "' or 1=1 --",
  "%' or process_name like '%",
  '*',
  '%',
  '\\',
  "x') union select raw_payload from main.pipeline_logs --",
  '(select max(message) from main.pipeline_logs)',
  '{{events}}',
  ':owner',
  '\u2028',
];

test.each(Object.keys(questions))('no value that is given to %s brings what is not theirs', async (name) => {
  const asks = Object.keys(questions[name]?.asks ?? {});
  for (const value of ESCAPES) {
    for (const given of [asks, ...asks.map((each) => [each])]) {
      const query = new URLSearchParams(given.map((each): [string, string] => [each, value]));
      const { status, text } = await ask(`/api/questions/${name}?${query}`);
      expect([200, 400, 403], text).toContain(status);
      expect(text).not.toContain(SECRET);
    }
  }
});

test.each([
  ['POST', '/query', { body: `{"sql":"select * from pipeline_logs"}` }],
  ['POST', '/query/', { body: 'select * from main.pipeline_logs' }],
  ['GET', '/query?sql=select+*+from+pipeline_logs', {}],
  ['HEAD', '/query?sql=select+*+from+pipeline_logs', {}],
  ['POST', '/events?sql=x', { headers: { 'x-http-method-override': 'GET' }, body: '' }],
  ['GET', '//query?sql=select+*+from+pipeline_logs', {}],
  ['GET', '/api/../query?sql=select+*+from+pipeline_logs', {}],
  ['GET', '/%71uery?sql=select+*+from+pipeline_logs', {}],
  ['GET', '/api/questions/..%2F..%2Fquery?sql=select+*+from+pipeline_logs', {}],
  ['GET', '/api/questions/__proto__', {}],
  ['GET', '/api/questions/constructor', {}],
  ['GET', '/api/summary/', {}],
  ['GET', '/api/%73ummary', {}],
  ['GET', '/api/alerts/pipelines/', {}],
  ['GET', `/api/runs/${SECRET}?owner=${SECRET}`, {}],
  ['GET', '/api/runs?owners=all', {}],
  ['GET', '/api/runs?environment=prod&process_name=*', {}],
] as const)('%s %s answers nothing of others', async (method, path, init) => {
  const { status, text } = await ask(path, { ...init, method });
  expect(text.replaceAll(path, '')).not.toMatch(new RegExp(`"${SECRET}"`));
  expect(status === 200 ? text : '[]').toMatch(/^\[\]$/);
});

test('no spelling of a line claims a pipeline of others', async () => {
  const of = `"run_id":"${SECRET}","event_type":"RUN_END","status":"FAILED","environment":"prod","owner":"${HOSTILE}"`;
  for (const line of [
    `{"process_name":"${SECRET}",${of}}`,
    `{"process_name":"ours","process_name":"${SECRET}",${of}}`,
    `{"pipeline_name":"${SECRET}",${of}}`,
    `{"Process_Name":"${SECRET}",${of}}`,
    `{"process_name":"\\u007aebra",${of}}`,
    `\uFEFF{"process_name":"${SECRET}",${of}}`,
    `{"process_name":"ours",${of}} {"process_name":"${SECRET}",${of}}`,
    `[{"process_name":"ours",${of}},{"process_name":"${SECRET}",${of}}]`,
    `process_name,run_id,event_type,status,environment\n${SECRET},${SECRET},RUN_END,FAILED,prod`,
    `{"process_name":"${SECRET}","x":NaN,${of}}`,
    `{"runledger_resend":"${'a'.repeat(32)}","line":${JSON.stringify(`{"process_name":"${SECRET}",${of}}`)}}`,
  ]) {
    const { status } = await ask('/events', { method: 'POST', body: line });
    expect([line, status]).toEqual([line, 403]);
  }
  const whole = await fetch(`${served.url}/api/runs/${SECRET}`, {
    headers: { authorization: `Bearer ${servingToken()}` },
  });
  expect(await whole.json()).toMatchObject([{ run: { status: 'SUCCESS', owner: SECRET } }]);
});

/** What the server leaves for programs of its user. */
function servingToken(): string {
  const out = readFileSync(`${served.folder}/serving.json`, 'utf8');
  return (JSON.parse(out) as { readonly token: string }).token;
}
