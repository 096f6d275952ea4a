import { EXIT, Stop } from '../exit-code.ts';
import type { Outputs } from './outputs.ts';

/**
 * What AWS refused, as a sentence that says what to do. Anything else stays as it came. `changedBy`: the policy that allows
 * the change that was asked for; that of operators by default.
 */
export function explained(error: unknown, outputs?: Outputs, changedBy?: PolicyOutput): unknown {
  if (error instanceof Stop) return error;
  for (const each of causesOf(error)) {
    const message = sentenceOf(each, outputs, changedBy);
    if (message !== undefined) return new Stop(EXIT.failure, message, { cause: error });
  }
  return error;
}

function* causesOf(error: unknown): Generator<Error> {
  for (let each = error; each instanceof Error; each = each.cause) yield each;
}

const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const UNKNOWN = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthFailure',
]);
const DENIED =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|UnauthorizedOperation|Forbidden)$/;
const AWAY = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT', 'ENETUNREACH']);

type PolicyOutput =
  | 'ProducerPolicyArn'
  | 'ReaderPolicyArn'
  | 'OperatorPolicyArn'
  | 'ResponderPolicyArn'
  | 'TokensPolicyArn';

function sentenceOf(error: Error, outputs: Outputs | undefined, changedBy?: PolicyOutput): string | undefined {
  const { name, message } = error;
  const code = 'code' in error ? String(error.code) : '';
  if (EXPIRED.has(name) || (/expired/i.test(message) && (name.includes('Credentials') || name.includes('Token')))) {
    return 'the AWS credentials have expired; renew them (aws sso login, or however you got them) and try again';
  }
  if (name === 'CredentialsProviderError') {
    return `no AWS credentials were found (${message}); sign in (aws sso login, aws configure), say which with --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`;
  }
  if (UNKNOWN.has(name)) {
    return `AWS does not know these credentials (${name}); check which are used: --profile, AWS_PROFILE, AWS_ACCESS_KEY_ID`;
  }
  if (/^Region is missing/.test(message)) {
    return 'expected the region of the stack, but got none; say it with --region, AWS_REGION or in the profile';
  }
  if (AWAY.has(code)) {
    return `AWS cannot be reached (${message}); check the network, and the region: --region, AWS_REGION`;
  }
  return DENIED.test(name) ? deniedSentence(message, outputs, changedBy) : undefined;
}

/** What the caller may not do, when that is why it failed. */
export function deniedAction(error: unknown): string | undefined {
  for (const { name, message } of causesOf(error)) {
    if (DENIED.test(name)) return /is not authorized to perform: ([\w:*]+)/.exec(message)?.[1] ?? message;
  }
  return undefined;
}

/** "User: arn:… is not authorized to perform: firehose:PutRecordBatch on resource: arn:… because …". */
function deniedSentence(message: string, outputs: Outputs | undefined, changedBy?: PolicyOutput): string {
  const { who = 'the caller', action } =
    /(?:User: )?(?<who>arn:\S+) is not authorized to perform: (?<action>[\w:*]+)/.exec(message)?.groups ?? {};
  const output = policyFor(action ?? '', changedBy);
  const policy = outputs === undefined ? `the stack's output ${output} names` : `${outputs[output]} (${output})`;
  return action === undefined
    ? `AWS refused: ${message}; attach the policy ${policy} to who you are`
    : `${who} may not ${action}; attach the policy ${policy} to it`;
}

/** The least of the ledger's policies that allows it. */
function policyFor(action: string, changedBy: PolicyOutput = 'OperatorPolicyArn'): PolicyOutput {
  if (action.startsWith('firehose:PutRecord')) return 'ProducerPolicyArn';
  // No other policy may even read tokens.
  if (changedBy === 'TokensPolicyArn' && action.startsWith('dynamodb:')) return changedBy;
  return READS.test(action) ? 'ReaderPolicyArn' : changedBy;
}

const READS =
  /^(athena:(Start|Stop|Get)\w+|glue:Get\w+|s3:(Get|List)\w+\*?|dynamodb:(GetItem|BatchGetItem|Query)|cloudformation:DescribeStacks)$/;
