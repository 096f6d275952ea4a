import type { IncomingHttpHeaders } from 'node:http';
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
  const signer = signerOf(request.headers);
  return signer && { ...signer, checks: checksOf(signer.service, request, workgroupOf) };
}

/** Whose key a request is signed with, and for which service. */
export function signerOf({ authorization = '' }: IncomingHttpHeaders): Pick<Call, 'key' | 'service'> | undefined {
  const [, key, service] = CREDENTIAL.exec(authorization) ?? [];
  return key === undefined || service === undefined ? undefined : { key, service };
}

/** "Credential=KEY/DATE/REGION/SERVICE/aws4_request" (Signature Version 4). */
const CREDENTIAL = /Credential=([^/,]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;
