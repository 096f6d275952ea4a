import { openHttpRestarter } from '../adapters/webhook/restarter.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Restarter } from '../core/ports/restarter.ts';
import type { Secrets } from '../core/ports/secrets.ts';
import type { RestartKind } from '../core/recovery/policy.ts';

/** What an account starts runs on: everything but the commands of a laptop. */
export const AWS_RESTART_KINDS: readonly RestartKind[] = [
  'http',
  'glue',
  'step_functions',
  'emr_serverless',
  'batch',
  'ecs',
  'lambda',
  'databricks',
  'event',
];

export interface AwsRestartSettings {
  /** Of the account: tokens and addresses that the file refers to. */
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** How clients reach AWS, as the SDK understands it. Default: what the environment says. */
  readonly access?: { readonly region?: string; readonly profile?: string; readonly endpoint?: string };
  /** Watches each call of a client: `traced` in a function. */
  readonly traced?: <Client>(client: Client) => Client;
  /** How long a stop is waited for until its platform confirms it. Default: 45 s. */
  readonly stopWithinMs?: number;
}

/** What the restart targets of a file stand for in an account. A client is loaded and made when its first run starts or stops. */
export function awsRestarters(settings: AwsRestartSettings): Restarter {
  const http = openHttpRestarter(settings);
  return {
    async start(start) {
      if (start.target.http !== undefined) return http.start(start);
      return { state: 'not_started', why: 'expected a target of this ledger, but got another one' };
    },
    async stop(handle) {
      return { state: 'not_stopped', why: `expected the handle of a run, but got ${handle.slice(0, 80)}` };
    },
  };
}
