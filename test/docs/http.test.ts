import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordsAnswer } from '../../adapters/http/contract.ts';
import { DESCRIBED } from '../../scripts/http/described.ts';
import { describeOpenApi } from '../../scripts/http/openapi.ts';
import { bytesText, describeHttp } from '../../scripts/http/page.ts';
import { keyOf, routesOfApps, servedApp } from '../../scripts/http/routes.ts';
import { fieldsOf, shapeOf } from '../../scripts/http/shape.ts';

const routes = routesOfApps();

test('docs/http.md and docs/openapi.json are what the app and its contract say; `npm run docs` writes them', () => {
  expect(readFileSync('docs/http.md', 'utf8')).toBe(describeHttp());
  expect(readFileSync('docs/openapi.json', 'utf8')).toBe(describeOpenApi());
});

test('every route of the app is described, and every description is of a route', () => {
  expect(Object.keys(DESCRIBED).sort()).toEqual(routes.map(keyOf).sort());
});

test('a route without a sentence is refused with where to add one', () => {
  expect(() => describeHttp([{ method: 'GET', path: '/new', role: 'read', limited: 'plain', onAws: false }])).toThrow(
    'expected a sentence on GET /new in scripts/http/described.ts, but got none; add one',
  );
});

test('on AWS there are the routes that take events and pings, and how it is', () => {
  const onAws = routes.filter((route) => route.onAws).map(keyOf);
  const pings = ['/ping/:name', '/ping/:name/:state'].flatMap((path) => [`GET ${path}`, `POST ${path}`]);
  expect(onAws.sort()).toEqual(['POST /', 'POST /events', 'GET /health', ...pings].sort());
});

test.each(Object.entries(DESCRIBED).filter(([, { maxBodyBytes }]) => maxBodyBytes !== undefined))(
  '%s takes a body as long as the page says, and none that is longer',
  async (route, { maxBodyBytes = 0 }) => {
    const [method = '', path = ''] = route.split(' ');
    const ask = async (bytes: number) => {
      const headers = { 'content-length': String(bytes), 'x-amz-target': 'Firehose_20150804.PutRecord' };
      const init = { method, body: method === 'GET' ? null : '{}', headers };
      return (await servedApp().request(path.replace(/:\w+/g, '1'), init)).text();
    };
    // What has no body has no limit.
    if (method === 'GET') return;
    const refusal = path === '/' ? 'exceeds 4 MB limit' : `expected a body of at most ${bytesText(maxBodyBytes)}`;
    expect(await ask(maxBodyBytes + 1)).toContain(refusal);
    expect(await ask(maxBodyBytes)).not.toContain(refusal);
  },
);

test('a contract is shown as people read it', () => {
  expect(shapeOf(recordsAnswer)).toBe(
    '{"received": integer, "accepted": integer, "rejected": integer, "reasons"?: [{"line": integer, "kind": string, "explanation": string}]}',
  );
  const query = DESCRIBED['GET /api/runs']?.query;
  expect(query && fieldsOf(query).find(([name]) => name === '`limit`')).toEqual([
    ...['`limit`', 'integer, from 1, to 1000', 'default `20`'],
  ]);
});
