import * as z from 'zod';
import { type Instant, parseInstant } from '../../core/instant.ts';
import { expected } from './expected.ts';

/** A call of Athena's StartQueryExecution, as CloudTrail recorded it. What it does not say is null. */
export interface AthenaCall {
  /** CloudTrail's own id of the call. */
  readonly event_id: string;
  readonly called_at: Instant;
  readonly caller: string | null;
  readonly source: string | null;
  readonly user_agent: string | null;
  /** The SQL. Null where CloudTrail leaves it out, which it does in most accounts. */
  readonly question: string | null;
  /** Null when the call was refused. */
  readonly execution_id: string | null;
  readonly error: string | null;
}

const text = z.string().nullish().default(null);
const at = z.string().transform((written, context): Instant => {
  const parsed = parseInstant(written, 'UTC');
  if (parsed !== null) return parsed.instant;
  context.addIssue({ code: 'custom', message: 'expected an instant' });
  return z.NEVER;
});

/** Of a person, a role, an identity of IAM Identity Center, or a service of AWS. */
const identity = z.looseObject({ arn: text, invokedBy: text, principalId: text, accountId: text });

const schema = z.object({
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  detail: z.object({
    eventName: z.literal('StartQueryExecution'),
    eventID: z.string().regex(/^[\w-]{1,64}$/),
    eventTime: at,
    userIdentity: identity.nullish(),
    sourceIPAddress: text,
    userAgent: text,
    errorCode: text,
    requestParameters: z.looseObject({ queryString: text }).nullish(),
    responseElements: z.looseObject({ queryExecutionId: text }).nullish(),
  }),
});

/** Reads what EventBridge passes on of CloudTrail. Throws when it is another event. */
export function readAthenaCall(event: unknown): AthenaCall {
  const { detail } = expected(schema, 'a call of StartQueryExecution that CloudTrail recorded', event);
  const { arn, invokedBy, principalId, accountId } = detail.userIdentity ?? {};
  const question = detail.requestParameters?.queryString ?? null;
  return {
    event_id: detail.eventID,
    called_at: detail.eventTime,
    caller: arn ?? invokedBy ?? principalId ?? accountId ?? null,
    source: detail.sourceIPAddress,
    user_agent: detail.userAgent,
    question: question !== null && OMITTED.test(question) ? null : question,
    execution_id: detail.responseElements?.queryExecutionId ?? null,
    error: detail.errorCode,
  };
}

/** What CloudTrail writes in the place of a value that it keeps to itself. */
const OMITTED = /^\**(OMITTED|HIDDEN_DUE_TO_SECURITY_REASONS)\**$/;
