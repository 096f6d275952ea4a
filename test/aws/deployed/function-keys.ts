import { createHash } from 'node:crypto';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { inject } from 'vitest';

export interface FunctionKey {
  /** The name that CloudFormation made. */
  readonly functionName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The keys that the emulated AWS gives each function for its role, as `execution_credentials` of MiniStack 1.5.33 makes them. */
export async function functionKeys(): Promise<readonly FunctionKey[]> {
  const lambda = new LambdaClient({
    region: 'us-east-1',
    endpoint: inject('awsUrl'),
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  return Functions.map(({ FunctionName = '', FunctionArn, Role }) => {
    const digest = sha256(`${FunctionArn}:${Role}`);
    return {
      functionName: FunctionName,
      accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
      secretAccessKey: sha256(`secret:${digest}`),
      sessionToken: sha256(`token:${digest}`),
    };
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
