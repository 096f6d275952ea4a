import { gzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';

/** Answers what API Gateway's HTTP API calls a function with (payload format 2.0). Large answers are packed for who takes gzip. */
export const lambdaAnswers = (app: Hono): ((event: ApiEvent) => Promise<ApiAnswer>) => {
  const answer = handle(app);
  return async (event) => {
    const answered = packed((await answer(event)) as ApiAnswer, acceptedBy(event));
    return sizeOf(answered) <= MAX_ANSWER_BYTES ? answered : tooLarge(answered);
  };
};

/** Less is not worth it. */
const MIN_PACKED_LENGTH = 2_000;

function packed(answered: ApiAnswer, accepted: string): ApiAnswer {
  if (answered.isBase64Encoded || answered.body.length < MIN_PACKED_LENGTH || !/\bgzip\b/.test(accepted))
    return answered;
  return {
    ...answered,
    headers: { ...answered.headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
    body: gzipSync(answered.body).toString('base64'),
    isBase64Encoded: true,
  };
}

const acceptedBy = ({ headers }: ApiEvent): string => String(headers?.['accept-encoding'] ?? '');

/** "6 MB each for request and response (synchronous)" (quotas of Lambda), of which headers take a little. */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024 - 64 * 1024;

/** As Lambda measures it: an answer travels as JSON, in which a quote takes two bytes. */
const sizeOf = ({ body, isBase64Encoded }: ApiAnswer): number =>
  isBase64Encoded || body.length < MAX_ANSWER_BYTES / 6 ? body.length : Buffer.byteLength(JSON.stringify(body));

function tooLarge(answered: ApiAnswer): ApiAnswer {
  const message = `expected an answer of at most 6 MB, which is what API Gateway and Lambda carry, but it has ${Math.ceil(sizeOf(answered) / 1_000_000)} MB; ask for fewer rows or columns, or accept gzip`;
  const body = JSON.stringify({ error: { code: 'too_large', message } });
  return { statusCode: 413, body, isBase64Encoded: false, headers: { 'content-type': 'application/json' } };
}

type ApiEvent = Parameters<ReturnType<typeof handle>>[0];

/** What API Gateway takes for an answer. */
export interface ApiAnswer {
  readonly statusCode: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isBase64Encoded: boolean;
  readonly cookies?: readonly string[];
}
