import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resentLine } from '../../core/accept/resent-line.ts';
import { handlerOf } from '../../lambdas/accept-events.ts';
import { aStore, type FakeStore } from '../fakes/object-store.ts';
import { aReport, settings } from './fakes.ts';

const ARRIVAL = Date.parse('2025-11-03T12:34:56.789Z');
const good = (run: string, more: object = {}) =>
  JSON.stringify({ process_name: 'daily', run_id: run, event_type: 'RUN_START', ...more });

const aBatch = (...records: readonly string[]) => ({
  invocationId: 'invocation-1',
  deliveryStreamArn: 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/ledger',
  region: 'eu-west-1',
  records: records.map((text, index) => ({
    recordId: `record-${index}`,
    approximateArrivalTimestamp: ARRIVAL + index,
    data: Buffer.from(text).toString('base64'),
  })),
});

async function transform(event: ReturnType<typeof aBatch>, store: FakeStore = aStore()) {
  const report = aReport();
  const { records } = await handlerOf({ store, settings, report })(event);
  return {
    records,
    store,
    counts: report.lines[0]?.counts ?? {},
    errors: report.lines[0]?.errors ?? [],
    lines: report.lines,
  };
}

const textOf = (data: string | undefined): string => Buffer.from(data ?? '', 'base64').toString();

test('the accepted lines of a record come back as one record, each line ended', async () => {
  const { records } = await transform(aBatch(`${good('a')}\n${good('b')}`, good('c')));
  expect(records.map(({ result }) => result)).toEqual(['Ok', 'Ok']);
  const lines = textOf(records[0]?.data).split('\n');
  expect(lines.map((line) => line && JSON.parse(line).run_id)).toEqual(['a', 'b', '']);
  expect(lines[0]).toContain('"received_at":"2025-11-03T12:34:56.789Z"');
});

test('a bad line does not cost its neighbours: it is set aside under the hour of arrival', async () => {
  const { records, store, counts } = await transform(aBatch(`${good('a')}\n{broken\n${good('b')}`));
  expect(records[0]?.result).toBe('Ok');
  const [[key, text] = []] = store.objects;
  expect(key).toMatch(/^rejected\/dt=2025-11-03\/hh=12\/aside-[0-9a-f]{32}\.ndjson$/);
  expect(JSON.parse(text ?? '')).toMatchObject({ kind: 'not_json', payload: '{broken' });
  expect(counts).toMatchObject({ records: 1, received: 3, accepted: 2, rejected: 1, rejected_lines: 1 });
});

test('a rejected line that is resent and accepted closes its rejection, beside those that are rejected', async () => {
  const key = '3f9a1c00000000000000000000000001';
  const resent = resentLine({ rejection_key: key, line: good('a') });
  const { records, store } = await transform(aBatch(`${resent}\n{broken`));
  expect(JSON.parse(textOf(records[0]?.data)).run_id).toBe('a');
  const lines = [...store.objects].map(([name, text]) => [name.split('/').at(-1)?.split('-')[0], JSON.parse(text)]);
  expect(lines).toEqual([
    ['aside', expect.objectContaining({ kind: 'not_json' })],
    ['decided', { rejection_key: key, received_at: '2025-11-03T12:34:56.789Z', decision: 'accepted' }],
  ]);
});

test('a decision that cannot be kept fails its record, and no line of it lands', async () => {
  const store = aStore();
  store.refused.add('rejected/');
  const resent = resentLine({ rejection_key: '3f9a1c00000000000000000000000001', line: good('a') });
  const { records } = await transform(aBatch(resent, good('b')), store);
  expect(records.map(({ result }) => result)).toEqual(['ProcessingFailed', 'Ok']);
});

test('a record without a good line is dropped, and so is an empty one', async () => {
  const { records } = await transform(aBatch('{broken', '', '\n\n'));
  expect(records).toEqual(
    ['record-0', 'record-1', 'record-2'].map((recordId) => ({ recordId, result: 'Dropped', data: '' })),
  );
});

test('what Firehose sends again overwrites what was set aside', async () => {
  const store = aStore();
  await transform(aBatch('{broken', good('a')), store);
  await transform(aBatch('{broken', good('a')), store);
  expect(store.objects.size).toBe(1);
});

describe('when the bucket cannot be written', () => {
  test('records with something to set aside fail and the others do not', async () => {
    const store = aStore();
    store.refused.add('rejected/');
    const { records, counts, errors } = await transform(aBatch(good('a'), `${good('b')}\n{broken`), store);
    expect(records.map(({ result }) => result)).toEqual(['Ok', 'ProcessingFailed']);
    expect(counts).toMatchObject({ records: 2, kept_by_firehose: 1, received: 1, accepted: 1, rejected: 0 });
    expect(String(errors[0])).toContain('the bucket refuses rejected/');
  });

  test('nothing fails as long as nothing has to be written', async () => {
    const store = aStore();
    store.refused.add('');
    const { records } = await transform(aBatch(good('a'), good('b')), store);
    expect(records.map(({ result }) => result)).toEqual(['Ok', 'Ok']);
  });
});

test('a line too large to land uncut is kept whole beside', async () => {
  const { records, store } = await transform(aBatch(good('a', { message: 'x'.repeat(300_000) })));
  expect(records[0]?.result).toBe('Ok');
  const keys = [...store.objects.keys()];
  expect(keys).toEqual([expect.stringMatching(/^oversize\/dt=2025-11-03\/[0-9a-f]{32}\.json$/)]);
});

describe('an answer that would pass 6 MB', () => {
  // Short lines grow most: what is stamped on them is longer than they are.
  // Each record is some 400 KB in the answer, so that it is filled to within one of them.
  const short = Array.from({ length: 900 }, (_, index) => good(`r${index}`)).join('\n');
  const batch = aBatch(...Array.from({ length: 60 }, () => short));

  test('is kept below 5 MB, and the rest is landed beside it', async () => {
    const { records, store, counts } = await transform(batch);
    const answerBytes = Buffer.byteLength(JSON.stringify({ records }));
    expect(answerBytes).toBeLessThan(5 * 1024 * 1024);
    expect(answerBytes).toBeGreaterThan(4.5 * 1024 * 1024);
    expect(new Set(records.map(({ result }) => result))).toEqual(new Set(['Ok', 'Dropped']));
    const [[key, text] = []] = store.objects;
    expect(key).toMatch(/^raw\/dt=2025-11-03\/hh=12\/aside-[0-9a-f]{32}\.ndjson$/);
    const answered = records.reduce((lines, { data }) => lines + textOf(data).split('\n').length - 1, 0);
    expect(answered + (text?.split('\n').length ?? 0) - 1).toBe(54_000);
    expect(counts).toMatchObject({ received: 54_000, accepted: 54_000, landed_aside: 54_000 - answered });
  });

  test('fails the records that could not be landed, and only those', async () => {
    const store = aStore();
    store.refused.add('raw/');
    const { records } = await transform(batch, store);
    expect(new Set(records.map(({ result }) => result))).toEqual(new Set(['Ok', 'ProcessingFailed']));
  });
});

test('every record id is answered exactly once, in order, whatever comes and whatever fails', async () => {
  const text = fc.oneof(fc.constant(good('a')), fc.string(), fc.string({ unit: 'binary' }), fc.json(), fc.constant(''));
  const record = fc.array(text, { maxLength: 4 }).map((lines) => lines.join('\n'));
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 12 }), fc.boolean(), async (texts, isDown) => {
      const store = aStore();
      if (isDown) store.refused.add('');
      const event = aBatch(...texts);
      const { records, counts, lines } = await transform(event, store);
      expect(records.map(({ recordId }) => recordId)).toEqual(event.records.map(({ recordId }) => recordId));
      expect(lines).toHaveLength(1);
      expect(counts.received).toBe(Number(counts.accepted) + Number(counts.rejected));
    }),
    { numRuns: 150 },
  );
});

test('a record that accept itself cannot bear fails alone', async () => {
  const store = aStore();
  const unbearable = {
    ...settings,
    hash: (content: string | Uint8Array) => {
      if (String(content).includes('unbearable')) throw new Error('it cannot be borne');
      return settings.hash(content);
    },
  };
  const answer = await handlerOf({ store, settings: unbearable, report: aReport() })(
    aBatch(good('a'), good('unbearable'), good('b')),
  );
  expect(answer.records.map(({ result }) => result)).toEqual(['Ok', 'ProcessingFailed', 'Ok']);
});
