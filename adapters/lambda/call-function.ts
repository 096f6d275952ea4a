import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Calls a function and waits for its answer, as JSON says it. Throws what it threw, and what Lambda answers when it may not be called. */
export async function callFunction(client: LambdaClient, functionName: string, payload: object): Promise<unknown> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
  if (FunctionError === undefined) return answer;
  const came =
    typeof answer === 'object' && answer !== null && 'errorMessage' in answer ? answer.errorMessage : FunctionError;
  throw new Error(`Expected the function ${functionName} to answer, got: ${came}. Its log says more.`);
}
