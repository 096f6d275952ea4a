import { oneLine } from '../cut.ts';
import { errorMessage } from '../error-message.ts';
import { NEVER_REACHED } from '../never-reached.ts';

/** What a call to a platform that failed says of what it was to do. */
export interface CallFailure {
  /** For people: the platform's own name of the error, and its message. */
  readonly got: string;
  /** It was certainly not done: the platform said so, or was never reached. */
  readonly isRefused: boolean;
  /** What it is about is not there. */
  readonly isGone: boolean;
  /** The same call may succeed later. */
  readonly isPassing: boolean;
  readonly advice: string;
}

const THROTTLED = /throttl|toomanyrequests|slowdown|request_?limit_?exceeded/i;
const GONE = /not_?found|does_?not_?exist/i;
const DENIED = /access_?denied|unauthori[sz]ed|permission_?denied|unrecognizedclient|expiredtoken|signature/i;
/** Some platforms answer 400 to a call that took them too long. */
const TIMED_OUT = /timeout/i;

/**
 * Reads an error of the AWS SDK, or one with a `status`. An answer below 500 is a refusal, unless it tells of a time-out;
 * without an answer it is one only when nothing was sent. `isUnclear`: further names of errors that say neither.
 */
export function callFailure(error: unknown, isUnclear: RegExp | undefined = undefined): CallFailure {
  const { name, code, status } = partsOf(error);
  const isNoAnswer = name === 'AbortError' || name === 'TimeoutError';
  const isThrottled = THROTTLED.test(name) || status === 429;
  const isDenied = DENIED.test(name) || status === 401 || status === 403;
  const isGone = GONE.test(name) || status === 404;
  const isAnswered = status !== undefined && status < 500 && status !== 408 && !TIMED_OUT.test(name);
  const isUnsent = status === undefined && (name === 'CredentialsProviderError' || NEVER_REACHED.has(code));
  const isRefused = (isThrottled || isAnswered || isUnsent) && !isUnclear?.test(name);
  return {
    got: isNoAnswer
      ? 'no answer in time'
      : [code || (name === 'Error' ? '' : name), oneLine(errorMessage(error))].filter(Boolean).join(': '),
    ...{ isRefused, isGone, isPassing: isThrottled || !isRefused },
    advice: isDenied
      ? 'Allow the role of the ledger to do this.'
      : isGone
        ? 'Check its name, the region and the account.'
        : isThrottled
          ? 'Start fewer runs at once, or raise the quota.'
          : '',
  };
}

function partsOf(error: unknown): { readonly name: string; readonly code: string; readonly status?: number } {
  if (!(error instanceof Error)) return { name: '', code: '' };
  const { $metadata, status = $metadata?.httpStatusCode } = error as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly status?: number;
  };
  const causes = error.cause instanceof AggregateError ? error.cause.errors : [error, error.cause];
  const withCode = causes.find((each): each is Error & { code: unknown } => each instanceof Error && 'code' in each);
  const code = status === undefined && typeof withCode?.code === 'string' ? withCode.code : '';
  return { name: error.name, code, ...(status !== undefined && { status }) };
}
