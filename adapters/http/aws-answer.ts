import { randomUUID } from 'node:crypto';
import { LineTooLongError, OverloadedError } from '../../core/ports/event-sink.ts';
import { type ErrorCode, HttpError } from './http-error.ts';

/** The errors of AWS's that the Firehose endpoint answers with; SDKs switch over these names. */
export type AwsErrorType =
  | 'AccessDeniedException'
  | 'InvalidArgumentException'
  | 'MissingAuthenticationTokenException'
  | 'ResourceNotFoundException'
  | 'SerializationException'
  | 'ServiceUnavailableException'
  | 'ThrottlingException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException'
  | 'ValidationException';

/** A Firehose call that is refused in AWS's own words. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly type: AwsErrorType;
  readonly status: number;

  constructor(type: AwsErrorType, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** An answer of the AWS JSON 1.1 protocol. */
export const awsAnswer = (
  output: object,
  { status = 200, requestId = randomUUID(), headers = {} }: AwsAnswerOptions = {},
): Response =>
  new Response(JSON.stringify(output), {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId, ...headers },
  });

interface AwsAnswerOptions {
  readonly status?: number;
  readonly requestId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Any failure as a producer's SDK understands it: what is not the caller's fault is a 503, which SDKs send again. */
export function awsErrorAnswer(error: unknown): Response {
  const { type, message, status } = error instanceof AwsError ? error : awsErrorOf(error);
  const retry = status === 503 ? { 'retry-after': '1' } : error instanceof HttpError ? error.headers : {};
  return awsAnswer({ __type: type, message }, { status, headers: { 'x-amzn-errortype': type, ...retry } });
}

function awsErrorOf(error: unknown): AwsError {
  // Firehose's own words when it is throttling: github.com/boto/boto3/issues/2804.
  if (error instanceof OverloadedError) return new AwsError('ServiceUnavailableException', 'Slow down.', 503);
  if (error instanceof LineTooLongError) return new AwsError('InvalidArgumentException', error.message);
  if (!(error instanceof HttpError)) {
    return new AwsError('ServiceUnavailableException', 'The records could not be stored; send them again.', 503);
  }
  return new AwsError(TYPES[error.code] ?? 'InvalidArgumentException', error.message, error.status);
}

const TYPES: Partial<Record<ErrorCode, AwsErrorType>> = {
  incomplete_body: 'SerializationException',
  damaged_body: 'SerializationException',
  unsupported_encoding: 'SerializationException',
  unauthorized: 'UnrecognizedClientException',
  forbidden: 'AccessDeniedException',
  too_many_attempts: 'ThrottlingException',
  foreign_host: 'AccessDeniedException',
  foreign_origin: 'AccessDeniedException',
};
