import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';

export interface FunctionState {
  readonly name: string;
  /** Lambda's words: Active can be called, Successful is as it was deployed. */
  readonly state: string;
  readonly last_update: string;
  readonly why: string | undefined;
  /** The version of the ledger it was built from. */
  readonly version: string | undefined;
}

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
