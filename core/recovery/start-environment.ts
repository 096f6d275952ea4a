import type { Start } from '../ports/restarter.ts';

/** What a started command is told by its environment. Clients take it from there; a variable that says nothing is not set. */
export function startEnvironment({ environment, process_name, run }: Start): Readonly<Record<string, string>> {
  const variables = {
    RUNLEDGER_RUN_ID: run.run_id,
    RUNLEDGER_PIPELINE: process_name,
    RUNLEDGER_ENVIRONMENT: environment,
    RUNLEDGER_RUN_ATTEMPT: String(run.run_attempt),
    RUNLEDGER_RUN_MODE: run.run_mode,
    RUNLEDGER_PARENT_RUN_ID: run.parent_run_id,
    RUNLEDGER_ROOT_RUN_ID: run.root_run_id,
    RUNLEDGER_FROM_STEP: run.from_step === undefined ? undefined : String(run.from_step),
    RUNLEDGER_SCHEDULED_FOR: run.scheduled_for,
    RUNLEDGER_PARAMS: Object.keys(run.params).length === 0 ? undefined : JSON.stringify(run.params),
  };
  return Object.fromEntries(
    Object.entries(variables).filter(
      (each): each is [string, string] => each[1] !== undefined && !each[1].includes('\0'),
    ),
  );
}
