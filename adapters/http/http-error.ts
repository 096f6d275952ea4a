import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Why a request was not served. Clients may switch over it; it does not change once released. */
export type ErrorCode =
  | 'bad_request'
  | 'incomplete_body'
  | 'damaged_body'
  | 'unsupported_encoding'
  | 'too_large'
  | 'empty_body'
  | 'refused'
  | 'unauthorized'
  | 'forbidden'
  | 'too_many_attempts'
  | 'foreign_host'
  | 'foreign_origin'
  | 'not_found'
  | 'method_not_allowed'
  | 'busy'
  | 'internal';

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
