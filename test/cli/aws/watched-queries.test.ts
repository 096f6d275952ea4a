import { expect, test } from 'vitest';
import { watchQueries } from '../../../cli/aws/watched-queries.ts';
import { anIo, type FakeIo } from '../fakes.ts';

const progress = { query: 'question', state: 'RUNNING', scanned_bytes: 3_000_000_000, elapsed_ms: 4_200 };
const onTerminal = (io: FakeIo): FakeIo => Object.assign(io, { stderr: Object.assign(io.stderr, { isTTY: true }) });

test('a query says how far it is on one line, which is gone afterwards', async () => {
  const io = onTerminal(anIo());
  const watched = watchQueries(io);
  await watched.during(async () => {
    watched.options.onScanned('before', 1_000_000_000);
    watched.options.onProgress(progress);
  });
  expect(io.err()).toBe('\r\x1b[Kquestion: running, 4.2 s, 4.0 GB scanned, about $0.0200\r\x1b[K');
});

test('nothing is said where nobody looks', async () => {
  const io = anIo();
  const watched = watchQueries(io);
  await watched.during(async () => watched.options.onProgress(progress));
  expect(io.err()).toBe('');
});

test('Ctrl-C cancels what runs, and says what it cost', async () => {
  const io = anIo();
  const watched = watchQueries(io);
  const asked = watched.during(async () => {
    io.stop();
    watched.options.onScanned('question', 2_000_000_000);
    watched.options.signal.throwIfAborted();
  });
  await expect(asked).rejects.toMatchObject({ exitCode: 130, message: 'cancelled; 2.0 GB scanned, about $0.0100' });
  expect(io.exits, 'once is asking, twice is leaving').toEqual([]);
});

test('a query is billed for ten megabytes at least, and DDL for nothing', async () => {
  const watched = watchQueries(anIo());
  watched.options.onScanned('small', 1);
  watched.options.onScanned('ddl', 0);
  expect(watched.spent()).toEqual({ scanned_bytes: 1, dollars: 0.00005 });
});
