import { expect, test } from 'vitest';
import { aLedger, anIo, anOpenRun, aRun, runOn } from './fakes.ts';

test('prints changes until it is asked to stop', async () => {
  let looks = 0;
  const ledger = aLedger({ runs: async ({ open }) => (open ? [] : [looks === 0 ? anOpenRun() : aRun()]) });
  const io = anIo({
    pause: async () => {
      looks += 1;
      if (looks === 3) io.stop();
    },
  });
  const { code, out, opened } = await runOn(ledger, ['tail', '--interval', '5', '-p', 'daily_orders'], io);
  expect(code).toBe(0);
  expect(out).toBe(
    '11:10:00  RUNNING  daily_orders  run-1\n11:10:00  RUNNING → SUCCESS  daily_orders  run-1  10 min\n',
  );
  expect(opened[0]?.purpose).toBe('follow');
  expect(io.pauses).toEqual([5_000, 5_000, 5_000]);
  expect(ledger.calls.at(-1)).toEqual(['close']);
});

test('JSON is one object a line, with the status before', async () => {
  const io = anIo({ pause: async () => io.stop() });
  const { out } = await runOn(aLedger({ runs: async ({ open }) => (open ? [] : [aRun()]) }), ['tail', '--json'], io);
  expect(out.split('\n')).toHaveLength(2);
  expect(JSON.parse(out)).toEqual({ previous_status: null, ...aRun() });
});

test('nobody left to read ends it', async () => {
  const io = anIo({
    pause: async (_, signal) => {
      io.stdout.emit('error', Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
      expect(signal?.aborted).toBe(true);
    },
  });
  expect((await runOn(aLedger(), ['tail'], io)).code).toBe(0);
});
