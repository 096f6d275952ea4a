import { randomUUID } from 'node:crypto';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  type SFNClientConfig,
} from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { contentHash } from '../../../adapters/content-hash.ts';
import { openStepFunctions } from '../../../adapters/step-functions/restarter.ts';
import { restarterContract } from '../../contracts/restarter.contract.ts';
import { fromFacts } from '../../service-models/platform-tests.ts';

const WAITING = {
  StartAt: 'Wait',
  States: { Wait: { Type: 'Wait', Seconds: 600, End: true } },
};

/** Starts and stops executions of state machines that really run: they wait, a new one for each sentence. */
export function stepFunctionsContract(config: SFNClientConfig, roleOf: () => Promise<string>): void {
  const client = new SFNClient({ ...config, maxAttempts: 1 });
  restarterContract('executions of Step Functions that run', async () => {
    const { stateMachineArn = '' } = await client.send(
      new CreateStateMachineCommand({
        name: `wait-${randomUUID()}`,
        roleArn: await roleOf(),
        definition: JSON.stringify(WAITING),
      }),
    );
    const restarter = openStepFunctions({
      client,
      timeout: (ms) => AbortSignal.timeout(ms),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      stopWithinMs: 30_000,
      hash: contentHash,
    });
    return {
      restarter,
      good: { step_functions: { state_machine: stateMachineArn, input: { table: 'orders' } } },
      refusing: { step_functions: { state_machine: `${stateMachineArn}-gone` } },
      foreign: { command: { run: ['job'] } },
      received: async (count) => {
        const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
        expect(executions).toHaveLength(count);
        return Promise.all(
          executions.map(async ({ executionArn }) => {
            const { input } = await client.send(new DescribeExecutionCommand({ executionArn }));
            return fromFacts(input);
          }),
        );
      },
      isRunning: async (handle) => {
        const { execution: executionArn } = JSON.parse(handle) as { readonly execution: string };
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return status === 'RUNNING';
      },
    };
  }, [{ reason: 'the emulator always answers', tests: ['says that nobody knows when no answer comes'] }]);
}
