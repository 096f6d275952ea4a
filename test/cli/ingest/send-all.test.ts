import { expect, test } from 'vitest';
import { Unreachable } from '../../../adapters/http/client.ts';
import { sendAll } from '../../../cli/ingest/send-all.ts';
import { OverloadedError } from '../../../core/ports/event-sink.ts';
import { aLedger, anIo, landedOf } from '../fakes.ts';

async function* records(count: number, sizeBytes = 2): AsyncGenerator<Uint8Array> {
  for (let made = 0; made < count; made++) yield Buffer.from(`${'x'.repeat(sizeBytes - 1)}\n`);
}

/** Fails so many times, then accepts. */
const failingFirst = (times: number, failure: () => Error, after = 0) => {
  let calls = 0;
  return aLedger({
    send: async (batch) => {
      calls += 1;
      if (calls > after && calls <= after + times) throw failure();
      return landedOf(batch);
    },
  });
};

test('a batch holds at most 4 MiB and 500 records', async () => {
  const large = aLedger();
  await sendAll(large, records(10, 1_000_000), anIo().pause);
  expect(large.calls).toEqual([
    ['send', 4],
    ['send', 4],
    ['send', 2],
  ]);

  const many = aLedger();
  const { counts } = await sendAll(many, records(1_200), anIo().pause);
  expect(many.calls).toEqual([
    ['send', 500],
    ['send', 500],
    ['send', 200],
  ]);
  expect(counts).toEqual({ received: 1_200, accepted: 1_200, rejected: 0 });
});

test('a busy ledger is asked again, later and later, and is said to be busy once', async () => {
  const io = anIo();
  const waits: string[] = [];
  const ledger = failingFirst(7, () => new OverloadedError('too much is waiting'));
  const { counts, failure } = await sendAll(ledger, records(1), io.pause, {
    onWaiting: ({ message }) => waits.push(message),
  });
  expect(failure).toBeUndefined();
  expect(counts.received).toBe(1);
  expect(io.pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  expect(waits).toEqual(['too much is waiting']);
});

test('it is not asked for ever', async () => {
  const io = anIo();
  const { failure } = await sendAll(
    failingFirst(1_000, () => new OverloadedError('too much')),
    records(1),
    io.pause,
  );
  expect(failure).toEqual({ of: 'ledger', error: new OverloadedError('too much') });
  expect(io.pauses).toHaveLength(63);
});

test('a ledger that was there and does not answer any more is asked again; one that never was is not', async () => {
  const gone = () => new Unreachable('no ledger answers');
  const back = anIo();
  const { counts } = await sendAll(failingFirst(2, gone, 1), records(600), back.pause);
  expect(counts.received).toBe(600);
  expect(back.pauses).toEqual([250, 500]);

  const never = anIo();
  const { failure } = await sendAll(failingFirst(1, gone), records(1), never.pause);
  expect(failure).toEqual({ of: 'ledger', error: gone() });
  expect(never.pauses).toEqual([]);
});

test('when the source fails, what was read before is sent and counted', async () => {
  const ledger = aLedger();
  const { counts, failure } = await sendAll(ledger, breaking(), anIo().pause);
  expect(counts.received).toBe(3);
  expect(ledger.sent()).toBe('x\nx\nx\n');
  expect(failure).toEqual({ of: 'source', error: new Error('the disk went away') });
});

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield* records(3);
  throw new Error('the disk went away');
}

test('when the ledger fails, nothing more is read', async () => {
  let isClosed = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield* records(100_000);
    } finally {
      isClosed = true;
    }
  }
  const { failure } = await sendAll(
    aLedger({ send: () => Promise.reject(new Error('disk full')) }),
    source(),
    anIo().pause,
  );
  expect(failure).toEqual({ of: 'ledger', error: new Error('disk full') });
  expect(isClosed).toBe(true);
});
