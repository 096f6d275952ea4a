import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { counted } from '../../core/format.ts';
import type { ReplayPlan, ReplayRequest } from '../../core/recovery/plan-replay.ts';
import { NoSuchRunError, RequestRefusedError } from '../../core/recovery/start-request.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withPipeline, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { findRun, type RunChoice } from '../find-run.ts';
import type { Target } from '../opened-ledger.ts';
import { readReason } from '../read-reason.ts';
import { isAgreed } from '../recovery/agree.ts';
import { paramsOf } from '../recovery/asked.ts';
import { plain } from '../screen/format.ts';
import type { Screen } from '../screen/screen.ts';
import { WHO, whoIs } from '../who.ts';

interface ReplayOptions extends Target, RunChoice {
  readonly fromStep?: number;
  readonly fromFailed?: true;
  readonly param: readonly string[];
  readonly who?: string;
  readonly reason?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

const MAX_STEP = 2_147_483_647;
const MAX_ID_LENGTH = 200;

/** Adds the command `replay`. */
export function addReplay(program: Command, context: Context): void {
  const command = withPipeline(
    program
      .command('replay [run]')
      .summary('run a run again, from its start or from a step')
      .description(
        'Starts a run again by the restart target of its pipeline, as a new run that names this one its parent. Prints the plan and asks first. The run is named by its id, the beginning of its id, or its pipeline, which means the last run of that.',
      ),
    'the pipeline, when several have a run of that id',
    'the environment, when several have a run of that id',
  )
    .option('--last', 'the last run, of all or of --pipeline')
    .option('--from-step <index>', 'the index of the first step to run', wholeNumber(0, MAX_STEP))
    .option('--from-failed', 'from the first step that did not end well')
    .option(
      '--param <name=value>',
      'a parameter for the run; may be repeated',
      (text, all: string[]) => [...all, text],
      [],
    )
    .option('--who <name>', WHO)
    .option('--reason <text>', 'why, for who looks later', readReason)
    .option('--dry-run', 'print the plan, and start nothing')
    .option('-y, --yes', 'start without asking')
    .option('--json', 'print JSON; starts only with --yes')
    .action((name: string | undefined, options: ReplayOptions) => replay(context, name, options));
  example(
    withTarget(command),
    'runledger replay run_20251204 --from-failed',
    'runledger replay daily_orders --from-step 3',
    'runledger replay 123 --pipeline daily_orders --param workers=8 --dry-run',
  );
}

async function replay(context: Context, name: string | undefined, options: ReplayOptions): Promise<void> {
  const { io, out, err } = context;
  const { dryRun, yes, json, reason } = options;
  const params = paramsOf(options.param);
  await withLedger(context, options, 'read', async (ledger) => {
    const { recovery } = ledger;
    const request = requestOf((await findRun(context, ledger, name, options)).run, params, options);
    const plan = await asStop(() => recovery.planReplay(request));
    if (!json) for (const line of planLines(plan, out)) out.line(line);
    if (plan.problems.length > 0) {
      if (json) printJson(context, { plan });
      throw new Stop(EXIT.failure, `it cannot be started: ${plan.problems.join('; ')}`);
    }
    if (dryRun || (json && !yes))
      return json ? printJson(context, { plan }) : err.line('a dry run: nothing is started');
    if (!yes && !(await isAgreed(context, 'Start it?'))) throw new Stop(EXIT.stopped, 'nothing is started');
    const restart = await asStop(() =>
      recovery.replay({ ...request, who: whoIs(options.who, io), ...(reason !== undefined && { why: reason }) }),
    );
    if (json) printJson(context, { plan, restart });
    else if (restart.state === 'not_started' || restart.state === 'unclear') {
      const [last] = await recovery.list({ ...plan, limit: 1 });
      throw new Stop(
        EXIT.failure,
        `${restart.state === 'unclear' ? 'nobody knows whether it started' : 'it did not start'}: ${last?.decisions.at(-1)?.text ?? ''}`,
      );
    } else out.line(`${plain(restart.run_id)}  started; to see it: ${io.program} show ${plain(restart.run_id)}`);
  });
}

/** For the one run that is meant. */
function requestOf(
  { run_id, process_name, environment }: Pick<ShownRun, 'run_id' | 'process_name' | 'environment'>,
  params: ReplayRequest['params'],
  { fromStep, fromFailed }: ReplayOptions,
): ReplayRequest {
  const id = run_id ?? '';
  return {
    run_id: id,
    params,
    new_run_id: `${id.slice(0, MAX_ID_LENGTH)}-replay-${randomUUID().slice(0, 8)}`,
    ...(process_name !== null && { process_name }),
    ...(environment !== null && { environment }),
    ...(fromStep !== undefined && { from_step: fromStep }),
    ...(fromFailed && { from_failed: true }),
  };
}

function planLines(plan: ReplayPlan, out: Screen): readonly string[] {
  const { run, steps, warnings, problems, downstream } = plan;
  const skipped = steps.filter((step) => step.skipped !== undefined);
  const fact = (label: string, text: string) => `  ${out.paint('dim', label.padEnd(13))}  ${plain(text)}`;
  const interval = [plan.data_interval_start, plan.data_interval_end].filter((each) => each !== undefined);
  return [
    `${out.paint('bold', plain(plan.process_name))}  ${plain(plan.of_run_id)} (${plan.of_status})  runs again as ${plain(run.run_id)}`,
    fact('environment', plan.environment),
    fact('started by', plan.target ?? 'nothing'),
    ...(run.scheduled_for === undefined ? [] : [fact('slot', run.scheduled_for)]),
    fact('run mode', `${run.run_mode}, run attempt ${run.run_attempt}`),
    fact('from', run.from_step === undefined ? 'its start' : `step ${run.from_step}`),
    ...skipped.map((step) => fact('skips', `${step.step_index} ${step.step_name} (${step.status}), ${step.skipped}`)),
    ...(steps.length === 0
      ? []
      : [fact('runs', `${counted(steps.length - skipped.length, 'step')} of ${steps.length}`)]),
    ...Object.entries(run.params).map(([name, value]) => fact('param', `${name}=${value}`)),
    ...(interval.length === 0 ? [] : [fact('data', interval.join(' to '))]),
    fact('running twice', plan.idempotent),
    fact('waits for it', downstream.length === 0 ? 'nothing in the file' : downstream.join(', ')),
    ...warnings.map((text) => fact(out.paint('yellow', 'careful'.padEnd(13)), text)),
    ...problems.map((text) => fact(out.paint('red', 'problem'.padEnd(13)), text)),
  ];
}

async function asStop<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoSuchRunError) throw new Stop(EXIT.notFound, error.message);
    if (error instanceof RequestRefusedError) throw new Stop(EXIT.failure, error.message);
    throw error;
  }
}
