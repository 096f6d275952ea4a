import { setTimeout } from 'node:timers/promises';
import { contentHash } from '../adapters/content-hash.ts';
import { openHttpRestarter } from '../adapters/webhook/restarter.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Restarter } from '../core/ports/restarter.ts';
import type { Secrets } from '../core/ports/secrets.ts';
import type { PlatformSettings } from '../core/recovery/platform-restarter.ts';
import type { RestartKind } from '../core/recovery/policy.ts';
import { handleKind } from '../core/recovery/run-handle.ts';

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

type AwsRestartKind = Exclude<RestartKind, 'command'>;
type Open = (settings: AwsRestartSettings, platform: PlatformSettings) => Promise<Restarter>;

const STOP_WITHIN_MS = 45_000;

/** A start is never sent twice: what has no answer is reported, not tried again. */
const clientOf = <Client>(
  Client: new (config: object) => Client,
  { access, traced = (client) => client }: AwsRestartSettings,
): Client => traced(new Client({ ...access, maxAttempts: 1 }));

/** Each loads its client when it first starts or stops something. */
const OPEN: Readonly<Record<AwsRestartKind, Open>> = {
  http: async (settings) => openHttpRestarter(settings),
  async glue(settings, platform) {
    const [{ openGlue }, { GlueClient }] = await Promise.all([
      import('../adapters/glue/restarter.ts'),
      import('@aws-sdk/client-glue'),
    ]);
    return openGlue({ ...platform, client: clientOf(GlueClient, settings) });
  },
  async step_functions(settings, platform) {
    const [{ openStepFunctions }, { SFNClient }] = await Promise.all([
      import('../adapters/step-functions/restarter.ts'),
      import('@aws-sdk/client-sfn'),
    ]);
    return openStepFunctions({ ...platform, client: clientOf(SFNClient, settings) });
  },
  async emr_serverless(settings, platform) {
    const [{ openEmrServerless }, { EMRServerlessClient }] = await Promise.all([
      import('../adapters/emr-serverless/restarter.ts'),
      import('@aws-sdk/client-emr-serverless'),
    ]);
    return openEmrServerless({ ...platform, client: clientOf(EMRServerlessClient, settings) });
  },
  async batch(settings, platform) {
    const [{ openBatch }, { BatchClient }] = await Promise.all([
      import('../adapters/batch/restarter.ts'),
      import('@aws-sdk/client-batch'),
    ]);
    return openBatch({ ...platform, client: clientOf(BatchClient, settings) });
  },
  async ecs(settings, platform) {
    const [{ openEcs }, { ECSClient }] = await Promise.all([
      import('../adapters/ecs/restarter.ts'),
      import('@aws-sdk/client-ecs'),
    ]);
    return openEcs({ ...platform, client: clientOf(ECSClient, settings) });
  },
  async lambda(settings, platform) {
    const [{ openFunctions }, { LambdaClient }] = await Promise.all([
      import('../adapters/lambda/restarter.ts'),
      import('@aws-sdk/client-lambda'),
    ]);
    return openFunctions({ ...platform, client: clientOf(LambdaClient, settings) });
  },
  async databricks(settings, platform) {
    const { openDatabricks } = await import('../adapters/databricks/restarter.ts');
    return openDatabricks({ ...platform, ...settings, ...platform });
  },
  async event(settings, platform) {
    const [{ openEvents }, { EventBridgeClient }] = await Promise.all([
      import('../adapters/eventbridge/restarter.ts'),
      import('@aws-sdk/client-eventbridge'),
    ]);
    return openEvents({ ...platform, client: clientOf(EventBridgeClient, settings) });
  },
};

/** What an account starts runs on: everything but the commands of a laptop. */
export const AWS_RESTART_KINDS = Object.keys(OPEN) as readonly AwsRestartKind[];

/** What the restart targets of a file stand for in an account. A client is loaded and made when its first run starts or stops. */
export function awsRestarters(settings: AwsRestartSettings): Restarter {
  const platform: PlatformSettings = {
    timeout: settings.timeout ?? ((ms) => AbortSignal.timeout(ms)),
    pause: settings.pause ?? setTimeout,
    stopWithinMs: settings.stopWithinMs ?? STOP_WITHIN_MS,
    hash: contentHash,
  };
  const opened = new Map<AwsRestartKind, Promise<Restarter>>();
  const restarterOf = (kind: AwsRestartKind): Promise<Restarter> => {
    const restarter = opened.get(kind) ?? OPEN[kind](settings, platform);
    opened.set(kind, restarter);
    return restarter;
  };
  return {
    async start(start) {
      const kind = AWS_RESTART_KINDS.find((each) => start.target[each] !== undefined);
      if (kind !== undefined) return (await restarterOf(kind)).start(start);
      const [got = 'none'] = Object.keys(start.target);
      const why = `expected a target that an account starts (${AWS_RESTART_KINDS.join(', ')}), but got ${got}`;
      return { state: 'not_started', why };
    },
    async stop(handle) {
      const kind = AWS_RESTART_KINDS.find((each) => each === handleKind(handle));
      if (kind !== undefined) return (await restarterOf(kind)).stop(handle);
      return { state: 'not_stopped', why: `expected the handle of a run, but got ${handle.slice(0, 80)}` };
    },
  };
}
