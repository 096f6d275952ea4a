import { expect, test } from 'vitest';
import { readPage } from '../../../adapters/http/page.ts';
import { anApp, errorOf } from './fakes.ts';

test.each(['/', '/runs', '/runs/a%2Fb?pipeline=x', '/incidents/prod/orders/run%20x/1', '/lineage/', '/send'])(
  'the document answers at %s, and holds no data',
  async (path) => {
    const { app, answers } = anApp({ token: 'secret' });
    const response = await app.request(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toBe('<!doctype html><title>Runledger</title>');
    expect(answers.asked).toEqual([]);
  },
);

test('the document runs and asks its own server alone, is framed by nobody, and is read anew each time', async () => {
  const { headers } = await anApp().app.request('/');
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  );
  expect(headers.get('cache-control')).toBe('no-store');
});

test('a file of the page is kept by browsers for good, packed for those that can unpack it', async () => {
  const { app } = anApp({ token: 'secret' });
  const plain = await app.request('/assets/page-1a2b.js');
  expect([await plain.text(), plain.headers.get('cache-control')]).toEqual([
    'started();',
    'public, max-age=31536000, immutable',
  ]);
  const packed = await app.request('/assets/page-1a2b.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect([packed.headers.get('content-encoding'), packed.headers.get('vary')]).toEqual(['gzip', 'accept-encoding']);
});

test.each(['/assets/page-old.js', '/assets/..%2Findex.html', '/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd'])(
  'a file that this build has not, %s, is not found',
  async (path) => {
    const response = await anApp().app.request(path);
    expect(response.status).toBe(404);
    expect((await errorOf(response)).message).toMatch(/load the page again$|there is no /);
  },
);

test('a page that was not built says how to build it', () => {
  expect(() => readPage('/nowhere')).toThrow('in a clone, build it with `npm run build`');
});
