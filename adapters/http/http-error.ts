import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Why a request was not served, with its status. Clients may switch over the code; it does not change once released. */
export const ERROR_CODES = {
  bad_request: [400, 'the path, the query or the body cannot be read'],
  empty_body: [400, 'a body was expected'],
  incomplete_body: [400, 'the body ended early; nothing was taken'],
  damaged_body: [400, 'the body is not the gzip that it says it is'],
  unauthorized: [401, 'no token, or one that is unknown, revoked or expired'],
  forbidden: [403, 'the roles of the token, or what it is limited to, do not allow this'],
  foreign_host: [403, 'the server is not reached by this name; `--allow-host` allows one'],
  foreign_origin: [403, 'a page of another site made a browser send it'],
  not_found: [404, 'there is no such route'],
  method_not_allowed: [405, 'the route takes another method; `Allow` names them'],
  too_large: [413, 'the body, or a line of it, is longer than the limit'],
  unsupported_encoding: [415, 'the body is neither plain text nor gzip'],
  refused: [
    422,
    'every line was rejected, and the body says why; of a question (status 400): it is no SELECT, does not run, or takes too long',
  ],
  too_many_attempts: [
    429,
    'ten wrong tokens came from this address within a minute; `Retry-After` says how long to wait',
  ],
  internal: [500, 'the ledger failed, and its log says why; send again what was not acknowledged'],
  refused_by_aws: [502, 'of `runledger ui --aws`: AWS refused what was asked with the credentials of its user'],
  busy: [503, 'too much is under way, and nothing was taken; send it again after `Retry-After`'],
} as const satisfies Readonly<Record<string, readonly [ContentfulStatusCode, string]>>;
export type ErrorCode = keyof typeof ERROR_CODES;

/** A request that is answered with an error. Its message says what was expected, what came, and what to do. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: ContentfulStatusCode;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ContentfulStatusCode,
    code: ErrorCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
