import { afterEach, expect, test } from 'vitest';
import { eventually, expectAll, sender } from './oracle.ts';
import { type Served, serveLedger } from './served.ts';

const KILLS = 10;
const SENDERS = 4;

let served: Served;
afterEach(() => served.close());

test('kill -9 under load, again and again: nothing acknowledged is lost, nothing is there twice', async () => {
  served = await serveLedger();
  const runs = sender(() => served);
  for (let kill = 0; kill < KILLS; kill++) {
    let isOver = false;
    const sending = Array.from({ length: SENDERS }, async (_, at) => {
      while (!isOver) await runs.send(1 + ((kill * 37 + at * 101) % 200));
    });
    // A question settles: the kill then also hits compaction and the summaries.
    const asking = kill % 2 === 0 ? served.ask('select count(*) from pipeline_logs').catch(() => undefined) : undefined;
    const enough = runs.acknowledged.size + 400;
    while (runs.acknowledged.size < enough) await new Promise((resolve) => setImmediate(resolve));
    const ended = new Promise((resolve) => served.process.once('exit', resolve));
    served.process.kill('SIGKILL');
    await ended;
    isOver = true;
    await Promise.all([...sending, asking]);
    served = await serveLedger(served.folder);
  }
  expect(runs.acknowledged.size).toBeGreaterThan(KILLS * 400);
  await eventually(() => expectAll(served, runs.acknowledged));
  const rebuilt = await fetch(`${served.url}/api/rebuild`, { method: 'POST', body: '{"verify":true}' });
  expect(await rebuilt.json()).toMatchObject({ identical: true });
});
