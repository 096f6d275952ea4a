import type { Check } from '../../iam/evaluate.ts';
import { checksOf, type WorkgroupOf } from './checks.ts';
import type { Request } from './request.ts';

/** One call of AWS's API: who made it, by access key, and what IAM has to allow for it. */
export interface Call {
  readonly key: string;
  readonly service: string;
  readonly checks: readonly Check[];
}

/** A request without a signature is nobody's call. */
export function callOf(request: Request, workgroupOf: WorkgroupOf): Call | undefined {
  const [, key, service] = CREDENTIAL.exec(request.headers.authorization ?? '') ?? [];
  if (key === undefined || service === undefined) return undefined;
  return { key, service, checks: checksOf(service, request, workgroupOf) };
}

/** "Credential=KEY/DATE/REGION/SERVICE/aws4_request" (Signature Version 4). */
const CREDENTIAL = /Credential=([^/,]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;
