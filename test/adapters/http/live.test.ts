import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LiveOptions, openLive } from '../../../adapters/http/live.ts';
import type { LedgerChange } from '../../../ledger/changes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aLive(options: LiveOptions = {}) {
  const listeners = new Set<(change: LedgerChange) => void>();
  const watchChanges = (listener: (change: LedgerChange) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const app = new Hono().get('/api/live', openLive({ watchChanges }, options));
  app.onError((error, c) => c.text(error.message, 503));
  return {
    listeners,
    change: (change: LedgerChange) => {
      for (const listener of listeners) listener(change);
    },
    open: async (headers: Record<string, string> = {}) => {
      const response = await app.request('/api/live', { headers });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      return { response, next: async () => (await reader?.read())?.value, leave: () => reader?.cancel() };
    },
  };
}

const runs = (...ids: readonly string[]): LedgerChange => ({
  kind: 'runs',
  runs: ids.map((run_id) => ({ environment: 'prod', process_name: 'orders', run_id })),
});
const dataIn = (text = '') => JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? 'null');

test('changes within a moment come as one message, each run once', async () => {
  const { open, change } = aLive();
  const { next, response } = await open();
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  expect(await next()).toContain('event: hello');
  change(runs('a', 'b'));
  change(runs('a'));
  change({ kind: 'incidents', pipelines: [] });
  await vi.advanceTimersByTimeAsync(250);
  const { runs: named, ...rest } = dataIn(await next());
  expect([named.map(({ run_id }: { run_id: string }) => run_id), rest]).toEqual([
    ['a', 'b'],
    { more_runs: 0, incidents: true },
  ]);
});

test('of many runs a message names the first, and counts the others', async () => {
  const { open, change } = aLive();
  const { next } = await open();
  await next();
  change(runs(...Array.from({ length: 500 }, (_, at) => `run-${at}`)));
  await vi.advanceTimersByTimeAsync(250);
  const data = dataIn(await next());
  expect([data.runs.length, data.more_runs]).toEqual([50, 450]);
});

test('who comes back is told what was missed, and to read anew where that is not known', async () => {
  const { open, change } = aLive();
  const first = await open();
  const id = /^id: (.*)$/m.exec((await first.next()) ?? '')?.[1] ?? '';
  await first.leave();
  change(runs('while away'));
  await vi.advanceTimersByTimeAsync(250);

  const back = await open({ 'last-event-id': id });
  await back.next();
  expect(dataIn(await back.next()).runs[0].run_id).toBe('while away');

  const stranger = await open({ 'last-event-id': 'of-another-process-7' });
  await stranger.next();
  expect(await stranger.next()).toContain('event: refresh');
});

test('a page that reads nothing holds a few messages, and is told to read anew when it reads again', async () => {
  const { open, change } = aLive({ heartbeatMs: 1e9 });
  const { next } = await open();
  await next();
  for (let round = 0; round < 200; round++) {
    change(runs(...Array.from({ length: 50 }, (_, at) => `${'x'.repeat(100)}-${round}-${at}`)));
    await vi.advanceTimersByTimeAsync(250);
  }
  let bytes = 0;
  let text = await next();
  while (text !== undefined && !text.includes('event: refresh')) {
    bytes += text.length;
    text = await next();
  }
  expect(text).toContain('event: refresh');
  expect(bytes).toBeLessThan(300_000);
});

test('who never reads is let go', async () => {
  const { open, change } = aLive({ mostClients: 1 });
  await open();
  for (let round = 0; round < 60; round++) {
    change(runs(...Array.from({ length: 50 }, (_, at) => `${'x'.repeat(100)}-${round}-${at}`)));
    await vi.advanceTimersByTimeAsync(250);
  }
  await vi.advanceTimersByTimeAsync(30_000);
  expect((await open()).response.status).toBe(200);
});

test('one page too many is refused, and let in once another one is closed', async () => {
  const { open } = aLive({ mostClients: 1 });
  const first = await open();
  const second = await open();
  expect([second.response.status, await second.next()]).toEqual([
    503,
    'expected at most 1 open pages, but got another one; close one, or read without live changes',
  ]);
  await first.leave();
  await vi.advanceTimersByTimeAsync(0);
  expect((await open()).response.status).toBe(200);
});

test('a silent ledger gives signs of life, and ends the stream of whoever is let in no more', async () => {
  let isIn = true;
  const check = async () => {
    if (!isIn) throw new Error('expired');
  };
  const { open } = aLive({ check });
  const { next } = await open();
  await next();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await next()).toBe(': alive\n\n');
  isIn = false;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await next()).toContain('event: signed-out');
  expect(await next()).toBeUndefined();
});

test('a server that stops ends every stream', async () => {
  const stopping = new AbortController();
  const { open, listeners } = aLive({ stopping: stopping.signal });
  const { next } = await open();
  await next();
  stopping.abort();
  expect([await next(), listeners.size]).toEqual([undefined, 0]);
});
