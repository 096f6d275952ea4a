import { errorMessage } from '../../core/error-message.ts';
import { AwsError } from './aws-answer.ts';

const MAX_RECORDS = 500;
const MAX_RECORD_BYTES = 1000 * 1024;
const MAX_CALL_BYTES = 4 * 1024 * 1024;
const NAME = /^[a-zA-Z0-9_.-]+$/;

export type Input = Readonly<Record<string, unknown>>;

/** What a call sends, as JSON says it. Throws `SerializationException` when it is not a JSON object. */
export function inputOf(body: Buffer): Input {
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    const why = errorMessage(cause);
    throw new AwsError('SerializationException', `expected a JSON object, but got a body that is not JSON (${why})`);
  }
  return structure(input, 'the input');
}

/**
 * The checked contents of PutRecord (`Record`) or PutRecordBatch (`Records`). Every limit that is broken is named, in
 * the words of the service: constraints first, then the size of the whole call.
 */
export function putOf(input: Input, kind: 'one' | 'batch'): { stream: string; records: readonly Uint8Array[] } {
  const broken: string[] = [];
  const stream = streamOf(input, broken);
  const records = kind === 'one' ? oneOf(input, broken) : batchOf(input, broken);
  refuse(broken);
  if (records.reduce((sum, record) => sum + record.length, 0) > MAX_CALL_BYTES) throw callTooLarge();
  return { stream, records };
}

/** Firehose's answer to more than 4 MiB in one call. Words: github.com/osquery/osquery/issues/3568. */
export const callTooLarge = () => new AwsError('InvalidArgumentException', 'Records size exceeds 4 MB limit');

/** The checked stream name of a call that is about a stream. */
export function streamNameOf(input: Input): string {
  const broken: string[] = [];
  const stream = streamOf(input, broken);
  refuse(broken);
  return stream;
}

/** The checked page of a list call. */
export function pageOf(input: Input): { limit: number; after: string; type: string } {
  const limit = input.Limit ?? 10;
  if (typeof limit !== 'number')
    throw new AwsError('SerializationException', 'Limit can not be converted to an Integer');
  if (limit < 1) refuse([violation(`'${limit}'`, 'limit', 'value greater than or equal to 1')]);
  if (limit > 10_000) refuse([violation(`'${limit}'`, 'limit', 'value less than or equal to 10000')]);
  return {
    limit,
    after: text(input, 'ExclusiveStartDeliveryStreamName') ?? '',
    type: text(input, 'DeliveryStreamType') ?? '',
  };
}

function streamOf(input: Input, broken: string[]): string {
  const name = text(input, 'DeliveryStreamName');
  const where = 'deliveryStreamName';
  if (name === undefined) {
    broken.push(missing(where));
    return '';
  }
  const shown = `'${name.slice(0, 100)}'`;
  if (name.length < 1) broken.push(violation(shown, where, 'length greater than or equal to 1'));
  if (name.length > 64) broken.push(violation(shown, where, 'length less than or equal to 64'));
  if (!NAME.test(name)) {
    const pattern = 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
    broken.push(`Value ${shown} at '${where}' failed to satisfy constraint: ${pattern}`);
  }
  return name;
}

function oneOf(input: Input, broken: string[]): readonly Uint8Array[] {
  if (!isGiven(input.Record)) broken.push(missing('record'));
  return isGiven(input.Record) ? [dataOf(input.Record, 'record', broken)] : [];
}

function batchOf(input: Input, broken: string[]): readonly Uint8Array[] {
  const records = input.Records;
  if (!isGiven(records)) {
    broken.push(missing('records'));
    return [];
  }
  if (!Array.isArray(records)) throw new AwsError('SerializationException', 'Records: expected a list');
  // Firehose also repeats every record here; the count is what helps.
  if (records.length < 1) broken.push(violation("'[]'", 'records', 'length greater than or equal to 1'));
  if (records.length > MAX_RECORDS) {
    broken.push(violation(`'[${records.length} records]'`, 'records', `length less than or equal to ${MAX_RECORDS}`));
    return [];
  }
  return records.map((record: unknown, index) => dataOf(record, `records.${index + 1}.member`, broken));
}

function dataOf(record: unknown, path: string, broken: string[]): Uint8Array {
  const data = structure(record, path).Data;
  if (!isGiven(data)) {
    broken.push(missing(`${path}.data`));
    return new Uint8Array();
  }
  const bytes = base64Of(data, `${path}.data`);
  if (bytes.length > MAX_RECORD_BYTES) {
    // A Java buffer, and counting from 1, as the service itself says it: github.com/postmates/cernan/pull/210.
    const shown = `'java.nio.HeapByteBuffer[pos=0 lim=${bytes.length} cap=${bytes.length}]'`;
    broken.push(violation(shown, `${path}.data`, `length less than or equal to ${MAX_RECORD_BYTES}`));
  }
  return bytes;
}

/** Node decodes base64 leniently and skips what it does not know, so the result is held against the text. */
function base64Of(data: unknown, path: string): Uint8Array {
  if (typeof data !== 'string') {
    throw new AwsError('SerializationException', `${path}: only base64-encoded strings are convertible to bytes`);
  }
  const bytes = Buffer.from(data, 'base64');
  if (isBase64(data, bytes.length)) return bytes;
  const why =
    data.length % 4 === 0
      ? 'expected the characters A-Z a-z 0-9 + / and = at the end'
      : `Base64 encoded length is expected a multiple of 4 bytes but found: ${data.length}`;
  throw new AwsError('SerializationException', `${path} can not be converted to a Blob: ${why}`);
}

/**
 * Whether the text is what encoding the decoded bytes gives, without encoding them. What was skipped is missing in the
 * length. The letters of base64url are not skipped, and of the last four letters some bits may have been.
 */
function isBase64(text: string, decodedBytes: number): boolean {
  const last = text.slice(-4);
  const padding = last.endsWith('==') ? 2 : last.endsWith('=') ? 1 : 0;
  return (
    text.length % 4 === 0 &&
    decodedBytes === (text.length / 4) * 3 - padding &&
    !text.includes('-') &&
    !text.includes('_') &&
    Buffer.from(last, 'base64').toString('base64') === last
  );
}

function structure(value: unknown, path: string): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw new AwsError('SerializationException', `${path}: expected a JSON object, but got ${nameOf(value)}`);
}

function text(input: Input, name: string): string | undefined {
  const value = input[name];
  if (!isGiven(value)) return undefined;
  if (typeof value === 'string') return value;
  throw new AwsError('SerializationException', `${name}: expected a string, but got ${nameOf(value)}`);
}

/** In AWS's JSON null says the same as nothing. */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const nameOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value);

const missing = (path: string): string =>
  `Value null at '${path}' failed to satisfy constraint: Member must not be null`;

const violation = (value: string, path: string, rule: string): string =>
  `Value ${value} at '${path}' failed to satisfy constraint: Member must have ${rule}`;

function refuse(broken: readonly string[]): void {
  if (broken.length === 0) return;
  const errors = broken.length === 1 ? 'error' : 'errors';
  throw new AwsError('ValidationException', `${broken.length} validation ${errors} detected: ${broken.join('; ')}`);
}
