import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Limits } from '../../core/token/limits.ts';
import { limitedRoute, ROUTE_ROLES } from '../../core/token/route-roles.ts';
import { LIMITED_QUESTIONS } from '../../sql/limited-questions.ts';
import { questions } from '../../sql/questions.ts';
import { base64, firehoseCall } from '../adapters/http/fakes.ts';
import { MARKS, type Marked, OTHERS, OURS, openWorld, pipelineOf, READS_OURS, type World } from './limited-world.ts';

/** All there is, asked with a token that is limited; and a ledger that has nothing but what is theirs, asked with one that is not. */
let whole: World;
let own: World;
let limited: string;
const LIMITS = { owners: ['team-alpha'], environments: ['prod'] };

beforeAll(async () => {
  // Both ledgers are asked at one moment, so that no answer differs by how long ago something was.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  whole = await openWorld([OURS, ...OTHERS], [READS_OURS]);
  own = await openWorld([OURS]);
  limited = await whole.token('ada', ['operate'], LIMITS);
}, 120_000);
afterAll(async () => {
  await whole?.close();
  await own?.close();
  vi.useRealTimers();
});

const ask = async (world: World, token: string, path: string, init?: RequestInit) => {
  const response = await world.as(token)(path, init);
  return { status: response.status, text: await response.text() };
};
const leaked = (text: string) => MARKS.filter((mark) => text.toLowerCase().includes(mark));

/** Without what differs between two ledgers that were told the same: when they were told it, and where they keep it. */
const startedAt = Date.now() - 60_000;
const comparable = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (instant) =>
      Date.parse(instant) >= startedAt ? 'NOW' : instant,
    )
    .replaceAll(/"elapsed_ms":\d+/g, '"elapsed_ms":0')
    // Of a receipt: the name that its channel gave to the message.
    .replaceAll(/"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"/g, '"MESSAGE"')
    .replaceAll(/"(?:raw|incidents|slots)\/[^"]+"/g, '"OBJECT"');

/** A line for each row, so that a difference is seen. */
const rowsIn = (text: string): readonly string[] => comparable(withoutEngineClock(text)).split('],[');

/** How long a run has been under way is told by the clock of the query engine, which runs on. */
function withoutEngineClock(text: string): string {
  if (!text.includes('running_for_ms')) return text;
  const { columns, rows } = JSON.parse(text) as { columns: { name: string }[]; rows: unknown[][] };
  const at = columns.findIndex(({ name }) => name === 'running_for_ms');
  return JSON.stringify(rows.map((row) => row.toSpliced(at, 1)));
}

/** What is given to questions: what is theirs, and what is others'. */
const GIVEN: readonly Readonly<Record<string, string>>[] = [
  {},
  { since: '2000-01-01', limit: '1000', per: 'pipeline' },
  ...[OURS, ...OTHERS].flatMap((marked) => [
    { process_name: pipelineOf(marked) },
    { process_name: pipelineOf(marked), environment: marked.environment, run_id: 'run-bad', since: '30d' },
    { environment: marked.environment, since: '30d' },
    ...(marked.owner === undefined ? [] : [{ owner: marked.owner, since: '30d' }]),
    { text: marked.mark, table: `s3://tables/${marked.mark}`, run_id: `only-${marked.mark}`, since: '30d' },
    { path: `*${marked.mark}*`, dataset: `s3://tables/${marked.mark}`, since: '30d' },
    { id: JSON.stringify([marked.environment, pipelineOf(marked), 'run run-bad', 1]) },
  ]),
  { table: 's3://shared/common', direction: 'both', depth: '10', since: '30d' },
  { table: 's3://tables/alpha', depth: '10', since: '30d' },
  { text: 'orders' },
  { text: 's3' },
  { run_id: 'run-bad', since: '30d' },
  { day: '1d' },
  { by: 'owner', since: '30d' },
  { by: 'pipeline', since: '30d' },
];
const asked = (name: string) => {
  const asks = questions[name]?.asks ?? {};
  const fitting = GIVEN.map((given) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => Object.hasOwn(asks, key))),
  );
  return [...new Set(fitting.map((given) => `/api/questions/${name}?${new URLSearchParams(given)}`))];
};

test('each question has a decision, and nothing else has one', () => {
  expect(Object.keys(LIMITED_QUESTIONS).sort()).toEqual(Object.keys(questions).sort());
});

test.each(Object.keys(questions))('%s answers a limited token as a ledger does that has only theirs', async (name) => {
  for (const path of asked(name)) {
    const answer = await ask(whole, limited, path);
    if (LIMITED_QUESTIONS[name] !== 'theirs') {
      expect(answer.status, path).toBe(403);
      expect(answer.text).toContain(
        'expected a token without limits, but got one that is limited to team-alpha, prod: ',
      );
      continue;
    }
    const expected = await ask(own, 'whole', path);
    expect([path, answer.status, ...rowsIn(answer.text)]).toEqual([path, expected.status, ...rowsIn(expected.text)]);
    if (answer.status === 200) expect(leaked(answer.text), path).toEqual([]);
  }
});

const [TODAY = ''] = new Date().toISOString().split('T');
const [from, until] = [`${TODAY}T00:00:00.000Z`, `${TODAY}T23:59:59.000Z`];
const key = ({ mark, environment }: Marked) => ({ environment, process_name: `orders_${mark}` });
const incidentOf = (marked: Marked) => JSON.stringify([marked.environment, pipelineOf(marked), 'run run-open', 1]);
const get = (path: string) => ({ path, init: {} });
const post = (path: string, body: unknown) => ({ path, init: { method: 'POST', body: JSON.stringify(body) } });
const silenceOf = (pattern: string, environment?: string) => ({
  ...{ id: `silence-${pattern}`, pattern, from, until, who: 'ada', why: 'moving' },
  ...(environment && { environment }),
});

/** Of each route that is theirs: what is asked of it about a pipeline. What only reads is asked in both ledgers. */
const READS: Readonly<
  Record<string, (of: Marked) => readonly { readonly path: string; readonly init: RequestInit }[]>
> = {
  'GET /health': () => [get('/health')],
  'GET /metrics': () => [get('/metrics')],
  'GET /badge/*': (of) => [
    get(`/badge/${pipelineOf(of)}.svg`),
    get(`/badge/${pipelineOf(of)}.svg?environment=${of.environment}`),
  ],
  'GET /api/runs': (of) => [
    ...['', '?limit=1', '?limit=1000', '?open=true', '?open=true&alive=true&limit=3'].map((query) =>
      get(`/api/runs${query}`),
    ),
    get(`/api/runs?${new URLSearchParams(key(of))}`),
    get(`/api/runs?environment=${of.environment}&limit=2`),
    get(`/api/runs?process_name=${pipelineOf(of)}`),
  ],
  'GET /api/runs/*': (of) => [
    get('/api/runs/run-bad'),
    get(`/api/runs/only-${of.mark}`),
    get(`/api/runs/run-0?${new URLSearchParams(key(of))}`),
  ],
  'GET /api/questions/*': () => [],
  'GET /api/live': () => [],
  'GET /api/alerts/incidents': (of) => [
    ...['', '?open=true', '?limit=1'].map((query) => get(`/api/alerts/incidents${query}`)),
    get(`/api/alerts/incidents?${new URLSearchParams(key(of))}`),
  ],
  'GET /api/alerts/silences': () => [get('/api/alerts/silences')],
  'GET /api/alerts/expected': () => [get(`/api/alerts/expected?from=${from}&until=${until}`)],
  'GET /api/recovery/decisions': (of) => [
    get('/api/recovery/decisions'),
    get(`/api/recovery/decisions?${new URLSearchParams(key(of))}`),
  ],
  'GET /api/recovery/watermark': (of) => [get(`/api/recovery/watermark?${new URLSearchParams(key(of))}`)],
  'GET /api/recovery/watermark/history': (of) => [
    get(`/api/recovery/watermark/history?${new URLSearchParams(key(of))}`),
  ],
  'POST /api/recovery/replays/plan': (of) => [
    post('/api/recovery/replays/plan', { run_id: 'run-bad', new_run_id: 'again', params: {} }),
    post('/api/recovery/replays/plan', { ...key(of), run_id: 'run-bad', new_run_id: 'again', params: {} }),
    post('/api/recovery/replays/plan', { run_id: `only-${of.mark}`, new_run_id: 'again', params: {} }),
  ],
};

/** What acts: on a pipeline of theirs it does, on another's it is refused, and nothing changes. */
const ACTS: Readonly<Record<string, (of: Marked) => { readonly path: string; readonly init: RequestInit }>> = {
  'POST /': (of) => ({
    path: '/',
    init: firehoseCall('PutRecord', {
      DeliveryStreamName: 's',
      Record: { Data: base64(JSON.stringify(anEventOf(of))) },
    }),
  }),
  'POST /events': (of) => post('/events', anEventOf(of)),
  'POST /api/records': (of) => post('/api/records', anEventOf(of)),
  'GET /ping/*': (of) => get(`/ping/${pipelineOf(of)}?env=${of.environment}&rid=act-1`),
  'POST /ping/*': (of) => ({
    path: `/ping/${pipelineOf(of)}?env=${of.environment}&rid=act-1`,
    init: { method: 'POST' },
  }),
  'GET /ping/*/*': (of) => get(`/ping/${pipelineOf(of)}/fail?env=${of.environment}&rid=act-1`),
  'POST /ping/*/*': (of) => ({
    path: `/ping/${pipelineOf(of)}/0?env=${of.environment}&rid=act-1`,
    init: { method: 'POST' },
  }),
  'POST /api/recovery/replays': (of) =>
    post('/api/recovery/replays', { ...key(of), run_id: 'run-1', new_run_id: 'act-2', params: {}, who: 'ada' }),
  'POST /api/recovery/starts': (of) =>
    post('/api/recovery/starts', { ...key(of), run_id: 'act-3', run_mode: 'manual', params: {}, who: 'ada' }),
  'POST /api/recovery/watermark': (of) => post('/api/recovery/watermark', { ...key(of), who: 'ada', why: 'first' }),
  'POST /api/alerts/decisions': (of) =>
    post('/api/alerts/decisions', { id: incidentOf(of), decision: 'resolve', who: 'ada', why: 'seen' }),
  'POST /api/alerts/silences': (of) => post('/api/alerts/silences', silenceOf(pipelineOf(of), of.environment)),
  'POST /api/alerts/silences/end': (of) => post('/api/alerts/silences/end', { id: `silence-${pipelineOf(of)}` }),
};
const anEventOf = ({ owner, ...of }: Marked) => ({
  ...{ ...key({ owner, ...of }), run_id: 'act-1', event_type: 'RUN_START', ...(owner && { owner }) },
});

test('each route that is theirs is asked here', () => {
  const theirs = ROUTE_ROLES.filter(({ limited: decided }) => decided === 'theirs').map(({ route }) => route);
  expect([...Object.keys(READS), ...Object.keys(ACTS)].sort()).toEqual(theirs.sort());
});

test.each(Object.keys(READS))('%s answers a limited token as a ledger does that has only theirs', async (route) => {
  for (const of of [OURS, ...OTHERS])
    for (const { path, init } of READS[route]?.(of) ?? []) {
      const answer = await ask(whole, limited, path, init);
      const expected = route === 'GET /health' ? HEALTHY : await ask(own, 'whole', path, init);
      expect([path, answer.status, ...rowsIn(answer.text)]).toEqual([path, expected.status, ...rowsIn(expected.text)]);
      // What was asked for by name is said again, as of what there is not.
      const others = MARKS.filter((mark) => mark !== of.mark || !isNamed(path));
      expect(
        others.filter((mark) => answer.text.toLowerCase().includes(mark)),
        path,
      ).toEqual([]);
    }
});
const HEALTHY = { status: 200, text: '{"status":"ok"}' };
const isNamed = (path: string): boolean => path.startsWith('/badge/') || path.startsWith('/api/recovery/');

test.each(ROUTE_ROLES.filter(({ limited: decided }) => typeof decided === 'object').map(({ route }) => route))(
  '%s is refused to a limited token, and says why',
  async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await ask(whole, limited, path, { method, ...(method === 'POST' && { body: '{}' }) });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('expected a token without limits, but got one that is limited to team-alpha, prod: ');
    expect(leaked(answer.text)).toEqual([]);
  },
);

test('a route that is not in the table is refused to a limited token', () => {
  expect(limitedRoute('GET', '/api/forgotten')).toEqual({ refused: 'nobody has decided what of it is theirs' });
});

/** Everything that people can see of others. */
async function othersAt(): Promise<string> {
  const seen = await Promise.all(
    OTHERS.flatMap((of) => [
      ask(whole, 'whole', `/api/runs?${new URLSearchParams({ ...key(of), limit: '1000' })}`),
      ask(whole, 'whole', `/api/alerts/incidents?${new URLSearchParams({ ...key(of), limit: '1000' })}`),
      ask(whole, 'whole', `/api/recovery/decisions?${new URLSearchParams(key(of))}`),
      ask(whole, 'whole', `/api/recovery/watermark/history?${new URLSearchParams(key(of))}`),
    ]),
  );
  return [...seen, await ask(whole, 'whole', '/api/alerts/silences')].map(({ text }) => text).join('\n');
}

test('on what is not theirs a limited token does nothing, by no route', async () => {
  for (const of of OTHERS)
    await ask(whole, 'whole', '/api/alerts/silences', post('', silenceOf(pipelineOf(of), of.environment)).init);
  const before = await othersAt();
  const statuses: Record<string, readonly number[]> = {};
  for (const [route, request] of Object.entries(ACTS)) {
    const answers = [];
    for (const of of OTHERS) {
      const { path, init } = request(of);
      answers.push(await ask(whole, limited, path, init));
    }
    statuses[route] = [...new Set(answers.map(({ status }) => status))];
    // The name that they sent is said again; whose it is is not.
    expect(answers.filter(({ text }) => /team-(?:zebra|ibex)/.test(text.replace(/whose owner is \S+/, '')))).toEqual(
      [],
    );
  }
  expect(statuses).toEqual({
    ...Object.fromEntries(Object.keys(ACTS).map((route) => [route, [403]])),
    'POST /api/recovery/replays': [404],
    'POST /api/recovery/starts': [404],
    'POST /api/recovery/watermark': [404],
    // As of an incident and a silence that there is not.
    'POST /api/alerts/decisions': [200],
    'POST /api/alerts/silences/end': [200],
  });
  await whole.server.ledger.settle();
  expect(await othersAt()).toBe(before);
});

test('on what is theirs it does everything', async () => {
  const statuses: Record<string, number> = {};
  for (const [route, request] of Object.entries(ACTS)) {
    const { path, init } = request(OURS);
    statuses[route] = (await ask(whole, limited, path, init)).status;
  }
  expect(statuses).toEqual(Object.fromEntries(Object.keys(ACTS).map((route) => [route, 200])));
  const runs = await whole.server.ledger.runs({ process_name: 'orders_alpha', run_id: 'act-1', limit: 1 });
  expect(runs).toMatchObject([{ owner: 'team-alpha', status: 'FAILED' }]);
});

const OTHER_LIMITS: readonly (readonly [string, Limits, readonly string[]])[] = [
  ['owner-alone', { owners: ['team-alpha'] }, ['alpha', 'quokka']],
  ['environment-alone', { environments: ['quokka'] }, ['quokka', 'walrus']],
  ['owner-of-file', { owners: ['team-ibex'] }, ['ibex', 'lynx']],
  [
    'two-of-each',
    { owners: ['team-alpha', 'team-zebra'], environments: ['prod', 'quokka'] },
    ['alpha', 'quokka', 'zebra', 'walrus'],
  ],
  ['of-nothing', { owners: ['team-nobody'], environments: ['prod'] }, []],
];

test.each(OTHER_LIMITS)(
  'a token with the limits %s sees the pipelines within them, and no others',
  async (name, limits, theirs) => {
    const token = await whole.token(name, ['read'], limits);
    const answers = await Promise.all(
      [
        '/metrics',
        '/api/runs?limit=1000',
        '/api/alerts/incidents?limit=1000',
        '/api/questions/search?text=orders&limit=1000',
      ].map((path) => ask(whole, token, path)),
    );
    for (const { status, text } of answers) {
      expect(status).toBe(200);
      // The name of an environment is a mark too, and stands in runs of theirs alone.
      const named = [OURS, ...OTHERS].map(pipelineOf).filter((pipeline) => text.includes(pipeline));
      expect(named.filter((pipeline) => !theirs.some((mark) => pipeline === `orders_${mark}`))).toEqual([]);
    }
    const runs = JSON.parse(answers[1]?.text ?? '[]') as readonly { readonly process_name: string }[];
    expect([...new Set(runs.map(({ process_name }) => process_name))].sort()).toEqual(
      theirs.map((mark) => `orders_${mark}`).sort(),
    );
  },
);

test('the session of a page says what its token is limited to', async () => {
  const { text } = await ask(whole, limited, '/api/session');
  expect(JSON.parse(text).caller).toEqual({ name: 'ada', roles: ['operate'], ...LIMITS });
});

test('of live changes a limited token hears of theirs alone, and of the others not even that there are some', async () => {
  const stop = new AbortController();
  const response = await whole.as(limited)('/api/live', { signal: stop.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader() ?? expect.unreachable();
  const send = (of: Marked, run_id: string) =>
    ask(whole, 'whole', '/events', post('', { ...anEventOf(of), run_id }).init);
  for (const of of OTHERS) await send(of, 'live-1');
  await whole.server.ledger.alerts.incidents({ limit: 1 });
  await send(OURS, 'live-2');
  let heard = '';
  while (!heard.includes('live-2')) heard += (await reader.read()).value ?? expect.unreachable(heard);
  stop.abort();
  expect(leaked(heard)).toEqual([]);
  const changes = [...heard.matchAll(/event: change\ndata: (.*)/g)].map(([, data = '']) => JSON.parse(data));
  expect(changes.every(({ more_runs }) => more_runs === 0)).toBe(true);
  expect(changes.flatMap(({ runs }) => runs)).toContainEqual({ ...key(OURS), run_id: 'live-2' });
});

test('a pipeline that gets another owner moves whole', async () => {
  const gained = { ...anEventOf({ mark: 'moving', environment: 'prod', owner: 'team-alpha' }) };
  const runsSeen = async () => (await ask(whole, limited, '/api/runs?process_name=orders_moving')).text;
  await ask(whole, 'whole', '/events', post('', { ...gained, start_time: '2020-01-01T00:00:00Z' }).init);
  expect(await runsSeen()).toContain('act-1');
  await ask(
    whole,
    'whole',
    '/events',
    post('', { ...gained, owner: 'team-zebra', run_id: 'act-2', start_time: '2020-01-02T00:00:00Z' }).init,
  );
  vi.setSystemTime(Date.now() + 2_000);
  expect(await runsSeen()).toBe('[]');
  expect((await ask(whole, limited, '/api/questions/search?text=moving')).text).not.toContain('orders_moving');
});
