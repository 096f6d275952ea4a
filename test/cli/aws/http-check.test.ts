import { expect, test } from 'vitest';
import { httpChecks } from '../../../cli/aws/http-check.ts';

const HttpApiUrl = 'https://x.execute-api.eu-west-1.amazonaws.com';
const found = async (fetch: () => Promise<Response>) => httpChecks({ HttpApiUrl }, fetch)[0]?.run();

test('a stack without an HTTP API has no such link', () => {
  expect(httpChecks({})).toEqual([]);
});

test('an API that refuses who has no token is well', async () => {
  const asked: unknown[] = [];
  const fetch = async (url: unknown) => {
    asked.push(url);
    return new Response('', { status: 401 });
  };
  expect(await httpChecks({ HttpApiUrl }, fetch)[0]?.run()).toMatchObject({ verdict: 'ok' });
  expect(asked).toEqual([`${HttpApiUrl}/health`]);
});

test('one that fails, or cannot be reached, is named with what to do', async () => {
  expect(await found(async () => new Response('', { status: 500 }))).toMatchObject({
    verdict: 'fail',
    found: `${HttpApiUrl} answers 500`,
  });
  const away = new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') });
  expect(await found(() => Promise.reject(away))).toMatchObject({
    verdict: 'fail',
    found: `${HttpApiUrl} cannot be reached (getaddrinfo ENOTFOUND)`,
  });
});
