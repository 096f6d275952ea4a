import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readBusEvent } from '../../../adapters/lambda-events/bus-event.ts';
import { callIdOf } from '../../../adapters/lambda-events/call-id.ts';
import { readFailedRecords } from '../../../adapters/lambda-events/firehose-errors.ts';
import {
  answerBytes,
  readTransform,
  type TransformOutcome,
  transformAnswer,
} from '../../../adapters/lambda-events/firehose-transform.ts';
import { landedObjects } from '../../../adapters/lambda-events/landed-objects.ts';

const base64Of = (text: string) => Buffer.from(text).toString('base64');
const textOf = (content: Uint8Array) => new TextDecoder().decode(content);

describe('a Firehose transform', () => {
  const event = (records: readonly object[]) => ({
    invocationId: 'i-1',
    deliveryStreamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/ledger-events',
    region: 'us-east-1',
    records,
  });
  const record = (recordId: string, data = base64Of('{}\n')) => ({
    recordId,
    approximateArrivalTimestamp: 1_762_171_200_123,
    data,
  });

  test('is read: ids, arrival, bytes', () => {
    const request = readTransform(event([record('1', base64Of('{"a":"é"}\n')), record('2', '')]));
    expect(request.records.map(({ record_id, received_at, data }) => [record_id, received_at, textOf(data)])).toEqual([
      ['1', '2025-11-03T12:00:00.123Z', '{"a":"é"}\n'],
      ['2', '2025-11-03T12:00:00.123Z', ''],
    ]);
  });

  test('that is something else is refused, and says where', () => {
    expect(() => readTransform(event([{ ...record('1'), data: 'not base64!' }]))).toThrow(
      'Expected a Firehose transform event, got something else: records.0.data: Invalid base64-encoded string. ' +
        'Check what invokes this function.',
    );
    expect(() => readTransform({})).toThrow('invocationId');
    expect(() => readTransform(event([{ ...record('1'), approximateArrivalTimestamp: 0 }]))).toThrow('records.0');
  });

  test('is answered for each record once, in the order of the request', () => {
    const request = readTransform(event([record('1'), record('2'), record('3')]));
    const answer = transformAnswer(request, [
      { record_id: '3', result: 'failed' },
      { record_id: '1', result: 'ok', data: '{"é":1}\n' },
      { record_id: '2', result: 'dropped' },
    ]);
    expect(answer).toEqual({
      records: [
        { recordId: '1', result: 'Ok', data: base64Of('{"é":1}\n') },
        { recordId: '2', result: 'Dropped', data: '' },
        { recordId: '3', result: 'ProcessingFailed', data: '' },
      ],
    });
  });

  test('an outcome missing, unknown or there twice is refused', () => {
    const request = readTransform(event([record('1'), record('2')]));
    const one: TransformOutcome = { record_id: '1', result: 'dropped' };
    const two: TransformOutcome = { record_id: '2', result: 'dropped' };
    expect(() => transformAnswer(request, [one])).toThrow('got none for 2. Answer every record id once.');
    expect(() => transformAnswer(request, [one, two, { ...one, record_id: '9' }])).toThrow('got 3 for 2 records');
    expect(() => transformAnswer(request, [one, two, two])).toThrow('got 3 for 2 records');
  });

  test('the size of the answer is known before it is made, and never too low', () => {
    const request = readTransform(event([record('1'), record('2"'), record('3')]));
    const outcomes: TransformOutcome[] = [
      { record_id: '1', result: 'ok', data: 'é'.repeat(1_000) },
      { record_id: '2"', result: 'ok', data: Uint8Array.of(1, 2) },
      { record_id: '3', result: 'failed' },
    ];
    const size = Buffer.byteLength(JSON.stringify(transformAnswer(request, outcomes).records));
    const known = outcomes.reduce((sum, outcome) => sum + answerBytes(outcome), 0);
    expect(known).toBeGreaterThanOrEqual(size - 2);
    expect(known).toBeLessThan(size + 60);
  });
});

describe('messages about landed objects', () => {
  const created = (key: string, eventName = 'ObjectCreated:Put') => ({
    eventName,
    s3: { bucket: { name: 'lake' }, object: { key, size: 12, eTag: 'e' } },
  });
  const notified = (...records: readonly object[]) => landedObjects({ Records: records });

  test('name their objects by the real keys', () => {
    expect(notified(created('raw/dt%3D2025-11-03/hh%3D12/a+b%2Bc%C3%A9'), created('x'))).toEqual([
      { bucket: 'lake', key: 'raw/dt=2025-11-03/hh=12/a b+cé', size_bytes: 12 },
      { bucket: 'lake', key: 'x', size_bytes: 12 },
    ]);
  });

  test('are the same as the text of a message', () => {
    expect(landedObjects(JSON.stringify({ Records: [created('a')] }))).toEqual(notified(created('a')));
  });

  test('name objects that came in parts, and none that were removed', () => {
    expect(
      notified(created('a', 'ObjectCreated:CompleteMultipartUpload'), created('b', 'ObjectRemoved:Delete')),
    ).toMatchObject([{ key: 'a' }]);
  });

  test('through EventBridge have keys as they are', () => {
    const bus = (detailType: string) => ({
      source: 'aws.s3',
      'detail-type': detailType,
      detail: { bucket: { name: 'lake' }, object: { key: 'a+b%20c' } },
    });
    expect(landedObjects(bus('Object Created'))).toEqual([{ bucket: 'lake', key: 'a+b%20c', size_bytes: 0 }]);
    expect(landedObjects(bus('Object Deleted'))).toEqual([]);
  });

  test('that only try the way are nothing to do', () => {
    expect(landedObjects({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'lake' })).toEqual([]);
  });

  test.each([
    ['not json', 'Expected a notification of S3 about objects, got "not json"'],
    [{ hello: 1 }, 'Expected a notification of S3 about objects, got "{\\"hello\\":1}"'],
    [undefined, 'Expected a notification of S3 about objects, got "undefined"'],
    [{ Records: [created('%E0%A4%A')] }, 'URI malformed'],
  ])('that cannot be read are named: %j', (told, named) => {
    expect(() => landedObjects(told)).toThrow(named);
  });
});

describe('the id of a call', () => {
  test.each([
    ['EventBridge or its Scheduler', { id: 'e-1', source: 'runledger' }, 'e-1'],
    ['Firehose', { invocationId: 'i-1', records: [] }, 'i-1'],
    ['CloudFormation', { RequestId: 'r-1', RequestType: 'Create' }, 'r-1'],
    ['SQS, of its first message', { Records: [{ messageId: 'm-1' }, { messageId: 'm-2' }] }, 'm-1'],
    ['S3', { Records: [{ responseElements: { 'x-amz-request-id': 's-1' } }] }, 's-1'],
  ])('is that of %s', (_, event, id) => {
    expect(callIdOf(event)).toBe(id);
  });

  test.each([[undefined], [null], ['text'], [{ id: 7 }], [{ Records: [] }], [{ Records: 'none' }]])(
    'is unknown of %j',
    (event) => {
      expect(callIdOf(event)).toBeUndefined();
    },
  );
});

describe('bus events', () => {
  test('an event of the bus is read with the detail its reader expects', () => {
    const event = {
      id: 'e-1',
      source: 'runledger',
      'detail-type': 'Objects Compacted',
      time: '2025-11-03T12:00:00Z',
      detail: { objects: 3, beside: true },
    };
    const detail = z.object({ objects: z.int() });
    expect(readBusEvent(event, detail)).toEqual({ detail: { objects: 3 } });
    expect(() => readBusEvent({ ...event, detail: {} }, detail)).toThrow(
      'Expected the detail of Objects Compacted from runledger, got something else: objects:',
    );
  });
});

describe('error envelopes of Firehose', () => {
  const lines = (...envelopes: readonly unknown[]) =>
    new TextEncoder().encode(
      envelopes.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n'),
    );
  const rawData = base64Of('{"run_id":"1"}\n');

  test('are read as documented and as seen', () => {
    const { records, unreadable } = readFailedRecords(
      lines(
        {
          attemptsMade: '4',
          arrivalTimestamp: '1762171200123',
          errorCode: 'Lambda.FunctionError',
          errorMessage: 'no',
          attemptEndingTimestamp: '1762171300000',
          rawData,
          lambdaArn: 'arn:a',
        },
        '',
        {
          attemptsMade: 4,
          arrivalTimestamp: 1_762_171_200_123,
          errorCode: 'x',
          errorMessage: '',
          rawData,
          lambdaARN: 'arn:b',
        },
        { ErrorCode: 'DataFormatConversion', ErrorMessage: 'bad', rawData },
      ),
    );
    expect(unreadable).toEqual([]);
    expect(records.map(({ data }) => textOf(data))).toEqual(Array(3).fill('{"run_id":"1"}\n'));
    expect(records).toMatchObject([
      { attempts: 4, received_at: '2025-11-03T12:00:00.123Z', transform: 'arn:a', error_message: 'no' },
      { attempts: 4, received_at: '2025-11-03T12:00:00.123Z', transform: 'arn:b' },
      { attempts: 0, error_code: 'DataFormatConversion', error_message: 'bad' },
    ]);
  });

  test('what is none is told by its line, without its text, and costs nothing beside', () => {
    const { records, unreadable } = readFailedRecords(lines('{"secret":"a@b.c"', { rawData: '!' }, { rawData }, {}));
    expect(records).toHaveLength(1);
    expect(unreadable.map(({ line }) => line)).toEqual([1, 2, 4]);
    expect(unreadable[1]?.why).toBe(
      'Expected an error envelope of Firehose with rawData in base64, got rawData: Invalid base64-encoded string. ' +
        'Look at what else writes under the error prefix.',
    );
    expect(JSON.stringify(unreadable)).not.toContain('a@b.c');
  });
});
