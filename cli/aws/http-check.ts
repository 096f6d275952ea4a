import { errorMessage } from '../../core/error-message.ts';
import { type Check, fail, ok } from '../doctor/check.ts';
import type { Outputs } from './outputs.ts';

const TIMEOUT_MS = 10_000;

/** Whether the HTTP API answers, of a stack that has one: it is asked without a token, so it has to refuse. */
export const httpChecks = (
  { HttpApiUrl: url }: Pick<Outputs, 'HttpApiUrl'>,
  fetch = globalThis.fetch,
): readonly Check[] =>
  url === undefined
    ? []
    : [
        {
          link: 'HTTP API',
          run: async () => {
            try {
              const { status } = await fetch(`${url}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
              if (status === 401) return ok(`${url} answers who has a token`);
              return fail(
                `${url} answers ${status}`,
                'read the log of ServeHttp, and docs/operations.md under HttpFailing',
              );
            } catch (error) {
              const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
              return fail(
                `${url} cannot be reached (${errorMessage(cause)})`,
                'check the network, and the stack in CloudFormation',
              );
            }
          },
        },
      ];
