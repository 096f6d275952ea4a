import type { RunState } from '../run/run-view.ts';
import { meaningOf } from '../schema/error-code.ts';
import type { ShownStatus } from '../schema/status.ts';
import type { RetryPolicy } from './policy.ts';

/** Whether a failure is one that its pipeline tries again, and what it is, for people. */
export interface Retryable {
  readonly isRetryable: boolean;
  readonly what: string;
}

/** By what the policy names; else by what the run said, else by what the taxonomy says of its code. Nothing unknown is tried again. */
export function retryable(
  { error_code, error_retryable }: Pick<RunState, 'error_code' | 'error_retryable'>,
  status: ShownStatus,
  { on }: RetryPolicy,
): Retryable {
  if (status === 'LOST' || (status === 'TIMED_OUT' && error_code === null)) {
    const what = status === 'LOST' ? 'fell silent' : 'timed out';
    return { isRetryable: on?.includes(status === 'LOST' ? 'lost' : 'timed_out') ?? false, what };
  }
  if (error_code !== null && on?.includes(error_code)) return { isRetryable: true, what: error_code };
  const meaning = error_code === null ? undefined : meaningOf(error_code);
  const errorClass = meaning?.class ?? 'unknown';
  const what = error_code === null ? 'an error without a code' : `${error_code} (${errorClass.replace('_', ' ')})`;
  // The run knows best that nothing helps.
  if (error_retryable === false) return { isRetryable: false, what };
  if (on !== undefined) return { isRetryable: on.includes(errorClass), what };
  return { isRetryable: error_retryable ?? meaning?.retryable ?? false, what };
}

/** Whether it ran out of a resource: then more of it is given, where the pipeline allows that. */
export const isResourceError = ({ error_code }: Pick<RunState, 'error_code'>): boolean =>
  error_code !== null && meaningOf(error_code).class === 'resource';
