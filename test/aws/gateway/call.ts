import type { IncomingHttpHeaders } from 'node:http';
import { type Check, checksOf } from './checks.ts';

export interface Request {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One call of AWS's API: who made it, by access key, and what IAM has to allow for it. */
export interface Call {
  readonly key: string;
  readonly service: string;
  readonly checks: readonly Check[];
}

/** A request without a signature is nobody's call. */
export function callOf(request: Request): Call | undefined {
  const [, key, service] = CREDENTIAL.exec(request.headers.authorization ?? '') ?? [];
  if (key === undefined || service === undefined) return undefined;
  return { key, service, checks: checksOf(service, request) };
}

/** "Credential=KEY/DATE/REGION/SERVICE/aws4_request" (Signature Version 4). */
const CREDENTIAL = /Credential=([^/,]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;
