import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, serveLedger } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serveLedger();
});
afterAll(() => served.close());

test('what was sent is there while others ask', async () => {
  const line = JSON.stringify({ process_name: 'asked', run_id: 'run-1', event_type: 'RUN_END', status: 'SUCCESS' });
  expect(await served.send(line)).toBe(200);
  expect(await served.ask('select count(*) as n from current_runs')).toMatchObject({
    status: 200,
    answer: { rows: [[1]] },
  });
});
