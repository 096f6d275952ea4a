import { expect, test } from 'vitest';
import { anApp, base64, errorOf, firehoseCall } from './fakes.ts';

const TOKEN = 'tkn_2f7c9a/b+c=';
const put = { DeliveryStreamName: 's', Record: { Data: base64('x') } };
const signedBy = (key: string) =>
  `AWS4-HMAC-SHA256 Credential=${key}/20261121/us-east-1/firehose/aws4_request, SignedHeaders=host;x-amz-date, Signature=00ff`;

test.each([
  'localhost',
  'LOCALHOST:4319',
  '127.0.0.1:4319',
  '127.8.9.10',
  '[::1]:4319',
  'ledger.lan:80',
  'other.lan:8080',
])('Host %s is served', async (host) => {
  const { app } = anApp({ allowedHosts: ['ledger.lan', 'Other.lan:8080'] });
  expect((await app.request('/health', { headers: { host } })).status).toBe(200);
});

test.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.evil.example:4319',
  'evil.example@localhost',
  'localhost, evil.example',
  'localhost/evil',
  'other.lan:9999',
  '192.168.1.5:4319',
  '',
])('Host "%s" is refused, whatever it asks for', async (host) => {
  const { app, sink } = anApp({ allowedHosts: ['ledger.lan', 'other.lan:8080'] });
  for (const [path, request] of [
    ['/', {}],
    ['/health', {}],
    ['/query?sql=select+1', {}],
    ['/events', { method: 'POST', body: '{}' }],
    ['/nowhere', {}],
  ] as const) {
    const response = await app.request(path, { ...request, headers: { host } });
    expect([response.status, (await errorOf(response)).code]).toEqual([403, 'foreign_host']);
  }
  expect(sink.sent).toEqual([]);
});

test('the refusal of a Host says what to do', async () => {
  const { app } = anApp();
  const response = await app.request('/events', { method: 'POST', body: '{}', headers: { host: 'evil.example' } });
  expect((await errorOf(response)).message).toBe(
    'expected a Host that is a loopback name or an allowed one, but got evil.example; allow the host if this server is reached by that name',
  );
});

const writes: [string, string, RequestInit][] = [
  [
    'a form or fetch without preflight',
    '/events',
    { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } },
  ],
  [
    'a beacon of a typed blob',
    '/events',
    { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
  ],
  ['a Firehose call', '/', firehoseCall('PutRecord', put)],
  ['a question', '/query', { method: 'POST', body: 'select 1' }],
  ['a preflight', '/events', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
  ['a GET that fetch marks', '/query?sql=select+1', {}],
];
const foreign: [string, Record<string, string>][] = [
  ["another site's Origin", { origin: 'https://evil.example' }],
  ['the Origin of another port', { origin: 'http://localhost:3000' }],
  ['the Origin of another scheme', { origin: 'https://localhost' }],
  ['the Origin of a sandbox', { origin: 'null' }],
  ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['Sec-Fetch-Site same-site', { 'sec-fetch-site': 'same-site' }],
];
test.each(writes.flatMap((write) => foreign.map((mark) => [...write, ...mark] as const)))(
  '%s (%s) is refused with %4$s',
  async (_, path, request, _mark, headers) => {
    const { app, sink, answers } = anApp();
    const response = await app.request(path, { ...request, headers: { ...request.headers, ...headers } });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect([sink.sent, answers.asked]).toEqual([[], []]);
  },
);

test("the server's own pages, and a proxy's that are allowed, may send", async () => {
  const { app, sink } = anApp({ allowedHosts: ['ledger.example'], allowedOrigins: ['https://ledger.example'] });
  const send = (headers: Record<string, string>) => app.request('/events', { method: 'POST', body: '{}', headers });
  const own = await send({ host: 'localhost:4319', origin: 'http://localhost:4319', 'sec-fetch-site': 'same-origin' });
  const proxied = await send({ host: 'ledger.example', origin: 'https://ledger.example' });
  expect([own.status, proxied.status, sink.sent.length]).toEqual([200, 200, 2]);
});

test('a link from elsewhere opens the page, but nothing frames it and no link asks a question', async () => {
  const { app, answers } = anApp();
  const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  expect((await app.request('/', { headers: visit })).status).toBe(200);
  expect((await app.request('/', { headers: { ...visit, 'sec-fetch-dest': 'iframe' } })).status).toBe(403);
  expect((await app.request('/query?sql=select+1', { headers: visit })).status).toBe(403);
  expect(answers.asked).toEqual([]);
});

test.each([
  ['a bearer', `Bearer ${TOKEN}`],
  ['a bearer in other letters', `bearer ${TOKEN}`],
  ['an AWS signature whose key id it is', signedBy(TOKEN)],
])('the token opens as %s', async (_, authorization) => {
  const { app, sink } = anApp({ token: TOKEN });
  const headers = { authorization };
  expect((await app.request('/events', { method: 'POST', body: '{}', headers })).status).toBe(200);
  expect((await app.request('/', firehoseCall('PutRecord', put, headers))).status).toBe(200);
  expect(sink.sent.length).toBe(2);
});

test.each([
  ['nothing', undefined],
  ['another token', 'Bearer other'],
  ['half of the token', `Bearer ${TOKEN.slice(0, -1)}`],
  ['the token and more', `Bearer ${TOKEN} ${TOKEN}`],
  ['an empty bearer', 'Bearer '],
  ['the token as a password', `Basic ${base64(`a:${TOKEN}`)}`],
  ['a signature by another key', signedBy('AKIAIOSFODNN7EXAMPLE')],
  ['a signature that only mentions the token', `AWS4-HMAC-SHA256 Credential=x/20261121/${TOKEN}/firehose/aws4_request`],
])('with a token set, %s opens nothing', async (_, authorization) => {
  const { app, sink, answers } = anApp({ token: TOKEN });
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  for (const [path, request] of [
    ['/health', {}],
    ['/query?sql=select+1', {}],
    ['/events', { method: 'POST', body: '{}' }],
    ['/api/runs', {}],
  ] as const) {
    const response = await app.request(path, { ...request, headers });
    expect([response.status, (await errorOf(response)).code]).toEqual([401, 'unauthorized']);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="runledger"');
  }
  const aws = await app.request('/', firehoseCall('PutRecord', put, headers));
  const type = authorization === undefined ? 'MissingAuthenticationTokenException' : 'UnrecognizedClientException';
  expect([aws.status, ((await aws.json()) as { __type: string }).__type, aws.headers.get('x-amzn-errortype')]).toEqual([
    401,
    type,
    type,
  ]);
  expect([sink.sent, answers.asked]).toEqual([[], []]);
});

test.each(['', ' ', 'two words', 'a,b', 'ümlaut'])(
  '"%s" is no token, and the app does not start as if there were none',
  (token) => {
    expect(() => anApp({ token })).toThrow(/^expected a token of printable characters without spaces and commas/);
  },
);
