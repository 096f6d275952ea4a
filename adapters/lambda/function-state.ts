import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** How a deployed function is. */
export interface FunctionState {
  readonly name: string;
  /** Lambda's word: `Active` can be called; `unknown` when Lambda does not say. */
  readonly state: string;
  /** Lambda's word: `Successful` is as it was deployed. */
  readonly last_update: string;
  /** Lambda's reason for the state, or else for the last update. */
  readonly why: string | undefined;
  /** The version of the ledger it was built from. */
  readonly version: string | undefined;
}

/** The state of a function, by its ARN or name. Throws what Lambda answers when it is missing or may not be read. */
export async function readFunction(client: LambdaClient, arn: string): Promise<FunctionState> {
  const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName: arn }));
  return {
    name: found.FunctionName ?? arn,
    state: found.State ?? 'unknown',
    last_update: found.LastUpdateStatus ?? 'unknown',
    why: found.StateReason ?? found.LastUpdateStatusReason,
    version: found.Environment?.Variables?.LEDGER_VERSION,
  };
}
