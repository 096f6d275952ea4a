import * as z from 'zod';
import { cutText, oneLine } from '../../core/cut.ts';
import type { Restarter } from '../../core/ports/restarter.ts';
import type { Secrets } from '../../core/ports/secrets.ts';
import {
  CALL_MS,
  PlatformRefusedError,
  type PlatformSettings,
  platformRestarter,
  stateIn,
} from '../../core/recovery/platform-restarter.ts';
import { startEnvironment } from '../../core/recovery/start-environment.ts';
import { startName } from '../../core/recovery/start-forms.ts';

export interface DatabricksSettings extends PlatformSettings {
  readonly secrets: Secrets;
  readonly fetch?: typeof globalThis.fetch;
}

const MAX_MESSAGE_LENGTH = 200;
const startedSchema = z.object({ run_id: z.number() });
const runSchema = z.object({
  state: z.object({ life_cycle_state: z.string(), result_state: z.string().optional() }),
});
const refusalSchema = z.object({ error_code: z.string().default(''), message: z.string().default('') });

/**
 * Starts runs of Databricks jobs by the Jobs API, told of the run by job parameters. Their idempotency token is made of the
 * run's id, so that a repetition is the same run.
 */
export function openDatabricks(settings: DatabricksSettings): Restarter {
  const { hash } = settings;
  return platformRestarter(
    {
      kind: 'databricks',
      parts: ['host', 'token', 'run'],
      nameOf: ({ job_id, host }) => `the job ${job_id} of ${host}`,
      async start({ host, job_id, token }, start) {
        const asked = {
          job_id,
          job_parameters: { ...start.run.params, ...startEnvironment(start) },
          idempotency_token: startName(start, hash),
        };
        const { run_id } = startedSchema.parse(await call(settings, { host, token }, 'POST', 'run-now', asked));
        return { run: { host, token, run: String(run_id) }, detail: `run ${run_id} of the job ${job_id} of ${host}` };
      },
      stopping: {
        async stateOf({ run, ...at }) {
          const answer = await call(settings, at, 'GET', `runs/get?run_id=${encodeURIComponent(run)}`);
          const { life_cycle_state, result_state } = runSchema.parse(answer).state;
          const isOver = ['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR'].includes(life_cycle_state);
          const word = isOver ? (result_state ?? life_cycle_state) : life_cycle_state;
          return isOver ? stateIn(word, ['CANCELED'], [word]) : { state: 'open', word };
        },
        async stop({ run, ...at }) {
          await call(settings, at, 'POST', 'runs/cancel', { run_id: Number(run) });
        },
      },
    },
    settings,
  );
}

/** One call. Throws the refusal of the workspace with its `status`, without the token. */
async function call(
  { secrets, fetch = globalThis.fetch, timeout }: DatabricksSettings,
  { host, token }: { readonly host: string; readonly token: string },
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<unknown> {
  const secret = await secrets.read(token).catch((cause: Error) => {
    // Nothing was sent.
    throw new PlatformRefusedError(cause.message, { cause });
  });
  if (!host.startsWith('https://')) throw new PlatformRefusedError('expected the address of a workspace with https://');
  const response = await fetch(new URL(`/api/2.2/jobs/${path}`, host), {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'user-agent': 'runledger' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // To follow would hand the token to another host.
    redirect: 'manual',
    signal: timeout(CALL_MS),
  });
  const text = await response.text();
  const answer = parsed(text);
  if (response.ok) return answer;
  const { error_code, message } = refusalSchema.catch({ error_code: '', message: text }).parse(answer);
  const said = cutText(oneLine(message).replaceAll(secret, '…'), MAX_MESSAGE_LENGTH);
  throw Object.assign(new Error(`status ${response.status}${said && `, ${said}`}`), {
    ...(error_code !== '' && { name: error_code }),
    status: response.status,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
