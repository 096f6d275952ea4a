import { isGoodStatus, isOpenStatus } from '../alert/run-course.ts';
import type { Instant } from '../instant.ts';
import { statusAt } from '../run/status-at.ts';
import type { StepState } from '../run/step-view.ts';
import type { ToldRun } from '../run/told-run.ts';
import { originOf } from './next-run.ts';
import type { RecoveryPolicy } from './policy.ts';
import type { Restart, StartedRun } from './recovery.ts';
import { resumeStep } from './resume-step.ts';

/** Which run a person wants to run again, and how. */
export interface ReplayRequest {
  readonly run_id: string;
  readonly environment?: string | undefined;
  readonly process_name?: string | undefined;
  /** The index of the first step to run. */
  readonly from_step?: number | undefined;
  /** From the first step that did not end well. */
  readonly from_failed?: boolean | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** The id of the new run: who asks chooses it, so that asking twice starts once. */
  readonly new_run_id: string;
}

/** A replay that a person asked for. */
export interface AskedReplay extends ReplayRequest {
  readonly who: string;
  readonly why?: string | undefined;
}

/** What a replay would do. */
export interface ReplayPlan {
  readonly environment: string;
  readonly process_name: string;
  readonly of_run_id: string;
  readonly of_status: string;
  readonly slot: string;
  readonly run: StartedRun;
  /** What starts it, for people; undefined: the file names nothing. */
  readonly target?: string | undefined;
  readonly steps: readonly PlannedStep[];
  readonly data_interval_start?: Instant | undefined;
  readonly data_interval_end?: Instant | undefined;
  /** What the file says of running twice. */
  readonly idempotent: string;
  /** Pipelines that wait for this one. */
  readonly downstream: readonly string[];
  readonly warnings: readonly string[];
  /** With one of these it is not started. */
  readonly problems: readonly string[];
}

export interface PlannedStep {
  readonly step_index: number | null;
  readonly step_name: string;
  readonly status: string;
  /** Why it is not run again; undefined: it is. */
  readonly skipped?: string | undefined;
}

/** What is known when a replay is planned. */
export interface ReplayCase {
  readonly policy: RecoveryPolicy;
  readonly told: ToldRun;
  /** The runs of its slot, itself included. */
  readonly slot: { readonly name: string; readonly runs: readonly ToldRun[] };
  /** The latest run of the pipeline that began after it. */
  readonly later?: ToldRun | undefined;
  readonly restarts: readonly Restart[];
  readonly downstream: readonly string[];
  readonly now: Instant;
}

export function planReplay(request: ReplayRequest, known: ReplayCase): ReplayPlan {
  const { told, policy, slot, restarts, downstream, now } = known;
  const { run, steps } = told;
  const status = statusAt(run, now);
  const run_id = run.run_id ?? '';
  const failedStep = resumeStep(steps);
  const from_step = request.from_step ?? (request.from_failed ? failedStep : undefined);
  const own = restarts.find((each) => each.run_id === run_id);
  return {
    environment: run.environment ?? '',
    process_name: run.process_name ?? '',
    of_run_id: run_id,
    of_status: status,
    slot: slot.name,
    run: {
      run_id: request.new_run_id,
      parent_run_id: run_id,
      root_run_id:
        run.root_run_id ??
        own?.root_run_id ??
        originOf(
          run,
          slot.runs.map((each) => each.run),
          restarts,
        ),
      run_attempt: Math.max(1, ...[run, ...slot.runs.map((each) => each.run)].map((each) => each.run_attempt ?? 1)) + 1,
      run_mode: run.run_mode ?? 'replay',
      ...(from_step !== undefined && { from_step }),
      params: request.params,
      ...(run.scheduled_for !== null && { scheduled_for: run.scheduled_for }),
    },
    target: targetShown(policy),
    steps: steps.map((step) => plannedStep(step, from_step)),
    ...(run.data_interval_start !== null && { data_interval_start: run.data_interval_start }),
    ...(run.data_interval_end !== null && { data_interval_end: run.data_interval_end }),
    idempotent: IDEMPOTENCE[policy.idempotent ?? 'unknown'],
    downstream,
    warnings: warningsOf(request, known, status, from_step),
    problems: problemsOf(request, known, status, failedStep),
  };
}

const IDEMPOTENCE = {
  merge: 'merge: a second run changes the rows of the first one, and adds none twice',
  overwrite_partition: 'overwrite_partition: a second run replaces what the first one wrote',
  append: 'append: a second run writes its rows again',
  unknown: 'not declared: what a second run does to what the first one wrote, only its owner knows',
} as const;

function targetShown({ restart }: RecoveryPolicy): string | undefined {
  if (restart?.command !== undefined) return `the command ${restart.command.run.join(' ')}`;
  return restart?.http && `a request to the address in ${restart.http.url}`;
}

const plannedStep = (step: StepState, from_step: number | undefined): PlannedStep => ({
  step_index: step.step_index,
  step_name: step.step_name ?? '',
  status: step.status ?? '',
  ...(from_step !== undefined &&
    step.step_index !== null &&
    step.step_index < from_step && { skipped: `before step ${from_step}` }),
});

function problemsOf(
  { from_step, from_failed }: ReplayRequest,
  { told, policy, slot, now }: ReplayCase,
  status: string,
  failedStep: number | undefined,
): readonly string[] {
  const { run, steps } = told;
  const known = steps.flatMap(({ step_index }) => step_index ?? []);
  const open = slot.runs.find((each) => each.run.run_id !== run.run_id && isOpenStatus(statusAt(each.run, now)));
  return [
    ...(policy.restart === undefined
      ? [
          `expected a restart target of ${run.process_name} in the file of pipelines, but got none: nothing says how to start it`,
        ]
      : []),
    ...(isOpenStatus(status as never) ? [`expected a run that has ended, but ${run.run_id} is ${status}`] : []),
    ...(open === undefined ? [] : [`expected no open run of the same slot, but ${open.run.run_id} is under way`]),
    ...(from_step !== undefined && from_failed
      ? ['expected either a step to begin with or the failed one, but got both']
      : []),
    ...(from_step !== undefined && !known.includes(from_step)
      ? [
          `expected the index of a step of the run (${known.join(', ') || 'it has none with an index'}), but got ${from_step}`,
        ]
      : []),
    ...(from_failed && failedStep === undefined
      ? ['expected steps with an index of which one ended well, but the run told of none: replay it from its start']
      : []),
  ];
}

function warningsOf(
  { from_step }: ReplayRequest,
  { told, policy, slot, later }: ReplayCase,
  status: string,
  from: number | undefined,
): readonly string[] {
  const { run, steps } = told;
  const good = slot.runs.find((each) => isGoodStatus(each.run.status));
  const bad = steps.filter(
    ({ step_index, status: own }) =>
      from !== undefined && (step_index ?? from) < from && own !== 'SUCCESS' && own !== 'SKIPPED',
  );
  const names = (of: ToldRun) => JSON.stringify(of.steps.map(({ step_index, step_name }) => [step_index, step_name]));
  return [
    ...(good === undefined ? [] : [`${good.run.run_id} of the same slot is good already`]),
    ...(status === 'LOST' ? ['it was lost, and may still be running'] : []),
    ...(policy.idempotent === 'append' && run.records_out !== 0 ? ['it appends: rows may be written twice'] : []),
    ...(from_step !== undefined && bad.length > 0
      ? [`${bad.map(({ step_name }) => step_name).join(', ')} did not end well, and is skipped all the same`]
      : []),
    ...(from !== undefined && later !== undefined && later.steps.length > 0 && names(later) !== names(told)
      ? [
          `the steps of the pipeline have changed since: ${later.run.run_id} has others, so step ${from} may be another one`,
        ]
      : []),
  ];
}
