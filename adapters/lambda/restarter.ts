import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Restarter } from '../../core/ports/restarter.ts';
import { CALL_MS, type PlatformSettings, platformRestarter } from '../../core/recovery/platform-restarter.ts';
import { startInput } from '../../core/recovery/start-forms.ts';

export interface LambdaSettings extends PlatformSettings {
  /** Tries once: `maxAttempts: 1`. Invoke takes no token, so a second call would be a second run. */
  readonly client: LambdaClient;
}

/** Invokes functions without waiting for them, told of the run by `runledger` in their event. */
export function openFunctions(settings: LambdaSettings): Restarter {
  const { client, timeout } = settings;
  return platformRestarter(
    {
      kind: 'lambda',
      parts: [],
      nameOf: (target) => `the function ${target.function}`,
      async start(target, start) {
        const { $metadata } = await client.send(
          new InvokeCommand({
            FunctionName: target.function,
            InvocationType: 'Event',
            Payload: startInput(start, target.payload),
          }),
          { abortSignal: timeout(CALL_MS) },
        );
        return { detail: `the function ${target.function}, request ${$metadata.requestId}` };
      },
      stopping: { cannot: 'expected a way to stop the run, but Lambda has none: give the function a time-out' },
    },
    settings,
  );
}
