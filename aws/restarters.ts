import { setTimeout } from 'node:timers/promises';
import { BatchClient } from '@aws-sdk/client-batch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EMRServerlessClient } from '@aws-sdk/client-emr-serverless';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { openBatch } from '../adapters/batch/restarter.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { openDatabricks } from '../adapters/databricks/restarter.ts';
import { openEcs } from '../adapters/ecs/restarter.ts';
import { openEmrServerless } from '../adapters/emr-serverless/restarter.ts';
import { openEvents } from '../adapters/eventbridge/restarter.ts';
import { openGlue } from '../adapters/glue/restarter.ts';
import { openFunctions } from '../adapters/lambda/restarter.ts';
import { openStepFunctions } from '../adapters/step-functions/restarter.ts';
import { openHttpRestarter } from '../adapters/webhook/restarter.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Restarter } from '../core/ports/restarter.ts';
import type { Secrets } from '../core/ports/secrets.ts';
import type { PlatformSettings } from '../core/recovery/platform-restarter.ts';
import { handleKind } from '../core/recovery/run-handle.ts';
import { AWS_RESTART_KINDS, type AwsRestartKind } from './restart-kinds.ts';

export interface AwsRestartSettings {
  /** Of the account: tokens and addresses that the file refers to. */
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** How clients reach AWS, as the SDK understands it. Default: what the environment says. */
  readonly access?: {
    readonly region?: string;
    readonly profile?: string;
    readonly endpoint?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Watches each call of a client: `traced` in a function. */
  readonly traced?: <Client>(client: Client) => Client;
  /** How long a stop is waited for until its platform confirms it. Default: 45 s. */
  readonly stopWithinMs?: number;
  readonly timeout?: PlatformSettings['timeout'];
  readonly pause?: PlatformSettings['pause'];
  readonly fetch?: typeof globalThis.fetch;
}

type Open = (settings: AwsRestartSettings, platform: PlatformSettings) => Restarter;

const STOP_WITHIN_MS = 45_000;

/** A start is never sent twice: what has no answer is reported, not tried again. */
const clientOf = <Client>(
  Client: new (config: object) => Client,
  { access, traced = (client) => client }: AwsRestartSettings,
): Client => traced(new Client({ ...access, maxAttempts: 1 }));

/** A client is made when its first run starts or stops. */
const OPEN: Readonly<Record<AwsRestartKind, Open>> = {
  http: (settings) => openHttpRestarter(settings),
  glue: (settings, platform) => openGlue({ ...platform, client: clientOf(GlueClient, settings) }),
  step_functions: (settings, platform) => openStepFunctions({ ...platform, client: clientOf(SFNClient, settings) }),
  emr_serverless: (settings, platform) =>
    openEmrServerless({ ...platform, client: clientOf(EMRServerlessClient, settings) }),
  batch: (settings, platform) => openBatch({ ...platform, client: clientOf(BatchClient, settings) }),
  ecs: (settings, platform) => openEcs({ ...platform, client: clientOf(ECSClient, settings) }),
  lambda: (settings, platform) => openFunctions({ ...platform, client: clientOf(LambdaClient, settings) }),
  event: (settings, platform) => openEvents({ ...platform, client: clientOf(EventBridgeClient, settings) }),
  databricks: (settings, platform) => openDatabricks({ ...settings, ...platform }),
};

/** What the restart targets of a file stand for in an account. */
export function awsRestarters(settings: AwsRestartSettings): Restarter {
  const platform: PlatformSettings = {
    timeout: settings.timeout ?? ((ms) => AbortSignal.timeout(ms)),
    pause: settings.pause ?? setTimeout,
    stopWithinMs: settings.stopWithinMs ?? STOP_WITHIN_MS,
    hash: contentHash,
  };
  const opened = new Map<AwsRestartKind, Restarter>();
  const restarterOf = (kind: AwsRestartKind): Restarter => {
    const restarter = opened.get(kind) ?? OPEN[kind](settings, platform);
    opened.set(kind, restarter);
    return restarter;
  };
  return {
    async start(start) {
      const kind = AWS_RESTART_KINDS.find((each) => start.target[each] !== undefined);
      if (kind !== undefined) return restarterOf(kind).start(start);
      const [got = 'none'] = Object.keys(start.target);
      const why = `expected a target that an account starts (${AWS_RESTART_KINDS.join(', ')}), but got ${got}`;
      return { state: 'not_started', why };
    },
    async stop(handle) {
      const kind = AWS_RESTART_KINDS.find((each) => each === handleKind(handle));
      if (kind !== undefined) return restarterOf(kind).stop(handle);
      return { state: 'not_stopped', why: `expected the handle of a run, but got ${handle.slice(0, 80)}` };
    },
  };
}
