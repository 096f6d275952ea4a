import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, expectAll, sender } from './oracle.ts';
import { type Served, serveLedger } from './served.ts';

let served: Served;
let runs: ReturnType<typeof sender>;
beforeAll(async () => {
  served = await serveLedger();
  runs = sender(() => served);
});
afterAll(() => served.close());

/** Open connections to the ledger; each has sent `text` and waits. */
async function connections(count: number, text: string): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(served.url);
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    }),
  );
}

test.each([
  ['that say nothing', ''],
  ['that never end their head', 'POST /events HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: '],
  ['that never send their body', 'POST /events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000\r\n\r\n{'],
])('a thousand connections %s keep nobody else from sending', async (_, text) => {
  const sockets = await connections(1_000, text);
  expect(await runs.send(10)).toBe(200);
  await eventually(() => expectAll(served, runs.acknowledged));
  for (const socket of sockets) socket.destroy();
});

test('bodies that unpack to more than they may, or are no gzip, are refused, and the ledger goes on', async () => {
  const post = async (body: Uint8Array) =>
    (
      await fetch(`${served.url}/events`, {
        method: 'POST',
        headers: { 'content-encoding': 'gzip' },
        body: Buffer.from(body),
      })
    ).status;
  const bomb = gzipSync(Buffer.alloc(500_000_000));
  expect(await post(bomb)).toBe(413);
  expect(await post(bomb.subarray(0, 1_000))).toBeGreaterThanOrEqual(400);
  expect(await post(Buffer.from('not gzip'))).toBe(400);
  expect(await runs.send(10)).toBe(200);
  await eventually(() => expectAll(served, runs.acknowledged));
});

test('bodies that are cut off half way land nothing, and cost nobody else', async () => {
  const line = '{"process_name":"cut","run_id":"cut","event_type":"RUN_START"}\n';
  const head = `POST /events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${line.length * 2}\r\n\r\n`;
  for (const socket of await connections(200, `${head}${line}`)) socket.destroy();
  expect(await runs.send(10)).toBe(200);
  await eventually(() => expectAll(served, runs.acknowledged));
  expect((await served.ask("select count(*) from pipeline_logs where run_id = 'cut'")).answer.rows).toEqual([[0]]);
});
