import { backoffMs } from '../../core/retry.ts';
import type { Deadline } from './deadline.ts';
import type { AthenaOptions } from './options.ts';

const BACKOFF = { firstDelayMs: 250, maxDelayMs: 10_000 };

/** Sends a request to Athena again, until the deadline, while Athena throttles, has a fault or cannot be reached. */
export async function retry<Answer>(
  { sleep, random }: Pick<AthenaOptions, 'sleep' | 'random'>,
  deadline: Deadline,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let turn = 0; ; turn++) {
    try {
      return await ask();
    } catch (error) {
      const pauseMs = backoffMs(BACKOFF, turn, random);
      if (!isPassing(error) || pauseMs >= deadline.leftMs()) throw error;
      await sleep(pauseMs);
    }
  }
}

/** Throttling, a fault in Athena, or no answer at all. An error in the request itself will not pass. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code, $metadata } = error as Error & {
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (PASSING.has(name) || (status !== undefined && (status === 429 || status >= 500))) return true;
  return typeof code === 'string' && UNREACHABLE.has(code);
}

/** "TooManyRequestsException: Indicates that the request was throttled" (Athena API reference), and what the SDK names so. */
const PASSING = new Set(['TooManyRequestsException', 'ThrottlingException', 'InternalServerException', 'TimeoutError']);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
]);
