import type { IncomingHttpHeaders } from 'node:http';
import type { Check } from '../../iam/evaluate.ts';

/** A request to AWS, whole. */
export interface Request {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Of the protocols that are JSON. */
export type Input = Readonly<Record<string, unknown>>;

export const check = (action: string, resource: string, context: Check['context'] = {}): Check => ({
  ...{ action, resource, context },
});

/** Of the emulated account. */
export const arn = (service: string, rest: string): string => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
