import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { openSeals } from '../../aws/ports.ts';
import type { Seals } from '../../core/audit/verify-report.ts';
import { explained } from './explain.ts';
import { readOutputs, settingsOf } from './outputs.ts';
import type { AwsTarget } from './target.ts';

/** What is sealed of a deployed ledger. */
export async function openStackSeals({ stack, ...access }: AwsTarget): Promise<Seals> {
  const outputs = await readOutputs(new CloudFormationClient(access), stack).catch((error: unknown) => {
    throw explained(error);
  });
  const seals = openSeals(settingsOf(outputs), access);
  const told = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explained(error, outputs, 'ReaderPolicyArn');
    });
  return {
    readChain: (expected) => told(seals.readChain(expected)),
    verify: (options, onProgress) => told(seals.verify(options, onProgress)),
  };
}
