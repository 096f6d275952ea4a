import {
  DescribeExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Restarter } from '../../core/ports/restarter.ts';
import { CALL_MS, type PlatformSettings, platformRestarter, stateIn } from '../../core/recovery/platform-restarter.ts';
import { startInput, startName } from '../../core/recovery/start-forms.ts';

export interface StepFunctionsSettings extends PlatformSettings {
  /** Tries once: `maxAttempts: 1`. An Express state machine starts as many executions of one name as it is asked for. */
  readonly client: SFNClient;
}

/**
 * Starts executions of state machines, told of the run by `runledger` in their input. Their name is made of the run's id, so
 * that a Standard state machine starts one for each run. What Express runs, Step Functions cannot stop.
 */
export function openStepFunctions(settings: StepFunctionsSettings): Restarter {
  const { client, timeout, hash } = settings;
  const within = () => ({ abortSignal: timeout(CALL_MS) });
  return platformRestarter(
    {
      kind: 'step_functions',
      parts: ['execution'],
      nameOf: ({ state_machine }) => `the state machine ${state_machine}`,
      alreadyStarted: /^ExecutionAlreadyExists$/,
      async start({ state_machine, input }, start) {
        const { executionArn = '' } = await client.send(
          new StartExecutionCommand({
            stateMachineArn: state_machine,
            name: startName(start, hash),
            input: startInput(start, input),
          }),
          within(),
        );
        return { run: { execution: executionArn }, detail: `execution ${executionArn}` };
      },
      stopping: {
        async stateOf({ execution }) {
          const { status } = await client.send(new DescribeExecutionCommand({ executionArn: execution }), within());
          return stateIn(status, ['ABORTED'], ['SUCCEEDED', 'FAILED', 'TIMED_OUT']);
        },
        async stop({ execution }) {
          await client.send(
            new StopExecutionCommand({
              executionArn: execution,
              error: 'Runledger.TimedOut',
              cause: 'The ledger stopped it: it ran for longer than kill_after of its pipeline.',
            }),
            within(),
          );
        },
      },
    },
    settings,
  );
}
