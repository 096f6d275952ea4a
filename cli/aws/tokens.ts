import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { openTokens } from '../../aws/ports.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { TokenStore } from '../../core/ports/named-tokens.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { explained } from './explain.ts';
import { readOutputs, settingsOf } from './outputs.ts';
import type { AwsTarget } from './target.ts';

/** The named tokens of a deployed ledger. Throws `Stop` when it has no HTTP API: nobody would ask for them. */
export async function openStackTokens({ stack, ...access }: AwsTarget, clock: Clock): Promise<TokenStore> {
  const outputs = await readOutputs(new CloudFormationClient(access), stack).catch((error: unknown) => {
    throw explained(error);
  });
  if (outputs.HttpApiUrl === undefined)
    throw new Stop(
      EXIT.failure,
      `expected a stack with an HTTP API, but ${stack} has none; deploy it with -c httpApi=true`,
    );
  const store = openTokens(settingsOf(outputs), access, clock);
  const told = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explained(error, outputs, 'TokensPolicyArn');
    });
  return {
    list: () => told(store.list()),
    create: (token, secret) => told(store.create(token, secret)),
    revoke: (name, by) => told(store.revoke(name, by)),
  };
}
