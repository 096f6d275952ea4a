import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { slotOfRun } from '../../core/alert/slot-of-run.ts';
import { counted, durationShown } from '../../core/format.ts';
import { epochMsOf, type Instant, instantOf, parseInstant } from '../../core/instant.ts';
import { type Expectation, expectationFor } from '../../core/pipelines/expectations.ts';
import { type BackfillSlot, backfillRunId, planBackfill } from '../../core/recovery/plan-backfill.ts';
import { slotsOf } from '../../core/schedule/schedule.ts';
import { wallTimeOf } from '../../core/schedule/zone.ts';
import { render } from '../../sql/define-query.ts';
import { goodRuns } from '../../sql/history.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { isAgreed } from '../recovery/agree.ts';
import { paramsOf } from '../recovery/asked.ts';
import { type Course, runAll } from '../recovery/run-all.ts';
import { plain } from '../screen/format.ts';
import { WHO, whoIs } from '../who.ts';

interface BackfillOptions extends Target {
  readonly from: string;
  readonly to: string;
  readonly environment?: string;
  readonly parallel: number;
  readonly param: readonly string[];
  readonly who?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

const MAX_SLOTS = 1_500;
const MAX_RUNS = 50_000;
const DAY_MS = 86_400_000;
type RunMoments = Parameters<typeof slotOfRun>[1];

/** Adds the command `backfill`. */
export function addBackfill(program: Command, context: Context): void {
  const command = program
    .command('backfill <pipeline>')
    .summary('run the slots that were missed or failed')
    .description(
      'Starts one run for each slot between two days that has no good run, the oldest first, so many at a time. Nobody is paged. Ctrl-C stops starting; asking again goes on with what is left.',
    )
    .requiredOption('--from <day>', 'the first day, in the zone of the schedule, such as 2026-11-01; or an instant')
    .requiredOption('--to <day>', 'the last day, included; or an instant, not included')
    .option('-e, --environment <name>', 'the environment (default: the one that the file names)')
    .option('--parallel <count>', 'how many runs at a time', wholeNumber(1, 50), 1)
    .option(
      '--param <name=value>',
      'a parameter for every run; may be repeated',
      (text, all: string[]) => [...all, text],
      [],
    )
    .option('--who <name>', WHO)
    .option('--dry-run', 'print the slots, and start nothing')
    .option('-y, --yes', 'start without asking')
    .option('--json', 'print JSON; starts only with --yes')
    .action((pipeline: string, options: BackfillOptions) => backfill(context, pipeline, options));
  example(withTarget(command), 'runledger backfill orders_daily --from 2026-11-01 --to 2026-11-30 --parallel 3');
}

async function backfill(context: Context, pipeline: string, options: BackfillOptions): Promise<void> {
  const { io, out, err } = context;
  const params = paramsOf(options.param);
  await withLedger(context, options, 'read', async (ledger) => {
    const { environment, slots } = await slotsToRun(ledger, pipeline, options, io.clock.now());
    const todo = slots.filter((each) => each.todo === 'run');
    const counts = `${counted(slots.length, 'slot')}: ${todo.length} to run, ${slots.filter((each) => each.todo === 'done').length} good, ${slots.filter((each) => each.todo === 'open').length} under way`;
    if (!options.json) {
      for (const each of todo) out.line(`${each.slot}  ${plain(each.why)}`);
      out.line(counts);
    }
    if (todo.length === 0 || options.dryRun || (options.json && !options.yes))
      return options.json ? printJson(context, { environment, slots }) : undefined;
    if (!options.yes && !(await isAgreed(context, `Start ${counted(todo.length, 'run')}?`)))
      throw new Stop(EXIT.stopped, 'nothing is started');
    const { recovery, liveRuns: runsOf = ledger.runs } = ledger;
    let isStopped = false;
    const forget = io.onStop(() => {
      if (isStopped) return io.exit(EXIT.stopped);
      isStopped = true;
      err.line('stopping: no more runs are started; those under way go on. Ctrl-C again to leave at once');
    });
    const startedMs = epochMsOf(io.clock.now());
    const courses = await runAll(
      todo.map(({ slot }) => slot),
      options.parallel,
      {
        start: (slot) =>
          recovery.start({
            ...{ environment, process_name: pipeline, params, run_mode: 'backfill', scheduled_for: slot },
            run_id: backfillRunId(slot, randomUUID().slice(0, 8)),
            who: whoIs(options.who, io),
          }),
        // The listing asks for the runs of one pipeline at once, and not for each by itself.
        runs: () => runsOf({ process_name: pipeline, environment, limit: 1_000 }),
        pause: () => io.pause(ledger.liveRuns === undefined ? POLL_MS : BILLED_POLL_MS),
        now: () => io.clock.now(),
        isStopped: () => isStopped,
        onEnd: (course) => {
          if (!options.json)
            out.line(
              `${course.slot}  ${course.status}  ${plain(course.run_id)}${course.why === undefined ? '' : `  ${plain(course.why)}`}`,
            );
        },
      },
    ).finally(forget);
    if (options.json) printJson(context, { environment, slots, runs: courses });
    const took = durationShown(epochMsOf(io.clock.now()) - startedMs);
    summarize(context, courses, todo.length, took, isStopped);
  });
}

const POLL_MS = 500;
/** Each look at the runs of an account is billed. */
const BILLED_POLL_MS = 10_000;

/** One summary for all of it. */
function summarize(
  { err }: Context,
  courses: readonly Course[],
  wanted: number,
  took: string,
  isStopped: boolean,
): void {
  const good = courses.filter(({ status }) => status === 'SUCCESS' || status === 'SKIPPED').length;
  const left = wanted - courses.length;
  err.line(
    `${good} of ${counted(wanted, 'run')} good, ${courses.length - good} not${left > 0 ? `, ${left} not started` : ''}, in ${took}`,
  );
  if (isStopped) throw new Stop(EXIT.stopped, 'stopped; ask again to go on with what is left');
  if (good < wanted) throw new Stop(EXIT.failure, 'some slots are not good; ask again to run those');
}

async function slotsToRun(
  ledger: OpenedLedger,
  pipeline: string,
  options: BackfillOptions,
  now: Instant,
): Promise<{ readonly environment: string; readonly slots: readonly BackfillSlot[] }> {
  const applied = await ledger.alerts.pipelines();
  const known = applied?.expectations.pipelines.find(({ pattern }) => pattern === pipeline);
  const expectation: Expectation | undefined =
    applied && expectationFor(applied.expectations, options.environment ?? known?.environment ?? '', pipeline);
  if (expectation?.schedule === undefined)
    throw new Stop(
      EXIT.notFound,
      `expected a schedule of ${pipeline} in the file of pipelines that holds, but there is none: without slots there is nothing to backfill`,
    );
  const { timezone } = expectation.schedule;
  const [from, until] = [beginningOf(options.from, timezone, 0), beginningOf(options.to, timezone, 1)];
  if (from >= until)
    throw new Stop(EXIT.usage, `expected --from before --to, but got ${options.from} and ${options.to}`);
  const found = (await ledger.alerts.expected(from, until)).filter(
    (each) =>
      each.process_name === pipeline && (options.environment === undefined || each.environment === options.environment),
  );
  const environments = [...new Set(found.map((each) => each.environment))];
  if (environments.length > 1)
    throw new Stop(
      EXIT.usage,
      `expected one environment, but ${pipeline} has slots in ${environments.join(', ')}; say which with --environment`,
    );
  const [environment] = environments;
  if (environment === undefined)
    throw new Stop(EXIT.notFound, `expected slots of ${pipeline} from ${from} to ${until}, but there are none`);
  if (found.length >= MAX_SLOTS)
    throw new Stop(EXIT.usage, `expected fewer than ${MAX_SLOTS} slots at once, but got more; ask for a part of them`);
  const slots = slotsOf(expectation.schedule);
  const since = instantOf(epochMsOf(from) - DAY_MS);
  const { rows, truncated } = await ledger.query(
    render(goodRuns, { environment, process_name: pipeline, since, limit: MAX_RUNS + 1 }),
  );
  if (truncated || rows.length > MAX_RUNS)
    throw new Stop(
      EXIT.failure,
      `expected at most ${MAX_RUNS} good runs since ${since}, but got more: which slots are good is not certain`,
    );
  const good = new Map(
    rows.flatMap(([run_id, ...moments]) => {
      const [scheduled_for, start_time, queued_at, first_event_at] = moments.map((at) =>
        at === null ? null : String(at),
      );
      const slot = slotOfRun(slots, { scheduled_for, start_time, queued_at, first_event_at } as RunMoments);
      return slot === undefined ? [] : [[slot, String(run_id)] as const];
    }),
  );
  return { environment, slots: planBackfill(found, good, now) };
}

/** The beginning of a day on the wall clock of the zone, or of the day after; an instant as it is. */
function beginningOf(text: string, zone: string, days: 0 | 1): Instant {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = parseInstant(isDay ? dayAfter(text, days) : text, zone)?.instant;
  if (at === undefined) throw new Stop(EXIT.usage, `expected a day such as 2026-11-01, or an instant, but got ${text}`);
  if (!isDay) return at;
  // A day that clocks begin later than at midnight begins then.
  return wallTimeOf(at, zone).slice(0, 10) < dayAfter(text, days) ? instantOf(epochMsOf(at) + 3_600_000) : at;
}

function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(day)) return day;
  return new Date(at.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}
