import { type Command, InvalidArgumentError } from 'commander';
import { nearest } from '../../core/nearest.ts';
import { FAILED_STATUSES, SHOWN_STATUSES } from '../../core/schema/status.ts';
import { askQuestion } from '../ask-question.ts';
import {
  type Context,
  example,
  type PipelineOptions,
  pipelineOf,
  printJson,
  typedAgain,
  wholeNumber,
  withLedger,
  withPipeline,
  withTarget,
} from '../context.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { namesOfPipelines } from '../pipeline-names.ts';
import { type ListedRun, listedOf } from '../screen/listed-run.ts';
import { runTable } from '../screen/run-table.ts';
import { sayTroubles } from '../screen/troubles.ts';

interface RunsOptions extends Target, PipelineOptions {
  readonly failed?: true;
  readonly status?: readonly string[];
  readonly late?: true;
  readonly open?: true;
  readonly since?: string;
  readonly until?: string;
  readonly owner?: string;
  readonly tag?: string;
  readonly step?: string;
  readonly errorCode?: string;
  readonly before?: Cursor;
  readonly limit: number;
  readonly wide?: true;
  readonly json?: true;
}

const MAX_LIMIT = 1000;

/** Adds the command `runs`. */
export function addRuns(program: Command, context: Context): void {
  const command = withPipeline(
    program
      .command('runs')
      .summary('list runs, the latest first')
      .description('Lists runs as they stand now, the latest start first. `*` in a name stands for any text.'),
    'only of this pipeline, or of those like orders_*',
    'only of this environment',
  )
    .option('--failed', 'only those that failed, timed out or were lost')
    .option('--status <statuses>', 'only with these statuses: FAILED,LOST', readStatuses)
    .option('--open', 'only those under way: not ended, and not lost')
    .option('--late', 'only those that take, or took, longer than their SLA')
    .option('--since <time>', 'only those that started from then on: 24h, 7d, 2026-11-30, 2026-11-30T06:00Z')
    .option('--until <time>', 'only those that started before then')
    .option('--owner <name>', 'only those of this owner')
    .option('--tag <name=value>', 'only those with this tag; a name alone: with any value')
    .option('--step <name>', 'only those that have this step')
    .option('--error-code <code>', 'only those with this error code, their own or of a step: D2*')
    .option('--before <time>', 'go on with those before, as the last line of a list says', readCursor)
    .option('-n, --limit <count>', 'how many at most', wholeNumber(1, MAX_LIMIT), 20)
    .option('--wide', 'print every column whole, however wide; a pipe is given that too')
    .option('--json', 'print JSON')
    .action((options: RunsOptions) => runs(context, options));
  example(
    withTarget(command),
    'runledger runs --failed --since 24h',
    'runledger runs --pipeline "orders_*" --late --limit 100',
  );
}

async function runs(context: Context, options: RunsOptions): Promise<void> {
  const { io, out, err } = context;
  const { limit } = options;
  const { found, near } = await withLedger(context, options, 'read', async (ledger) => {
    const answer = await (isLive(options) ? liveRuns : foundRuns)(context, ledger, options);
    await sayTroubles(ledger, err);
    return { found: answer, near: answer.length === 0 ? await nearPipeline(ledger, options, context) : undefined };
  });
  const shown = found.slice(0, limit);
  if (options.json) printJson(context, shown);
  else if (shown.length > 0) {
    const lines = runTable(shown, io.clock.now(), out, options.wide ? { wide: true } : {});
    for (const line of lines) out.line(line);
  }
  if (found.length === 0) {
    if (options.json) return;
    const isFiltered = !isLive(options) || pipelineOf(options) !== undefined || options.environment !== undefined;
    const none =
      isFiltered || options.open ? 'no such runs' : `no runs yet; send events with \`${io.program} ingest FILE\``;
    return err.line(near === undefined ? none : `${none}; ${near}`);
  }
  const next = nextCursor(shown, options.before);
  if (found.length > limit && next !== undefined) {
    err.line(err.paint('dim', `more: ${typedAgain(context, '--before', next)}`));
  }
}

/** What the live store answers by itself: within moments of its events. */
const isLive = ({ process, pipeline = process, ...options }: RunsOptions): boolean =>
  !pipeline?.includes('*') &&
  !options.environment?.includes('*') &&
  [
    ...[options.failed, options.status, options.late, options.since, options.until, options.owner],
    ...[options.tag, options.step, options.errorCode, options.before],
  ].every((each) => each === undefined);

type List = (context: Context, ledger: OpenedLedger, options: RunsOptions) => Promise<readonly ListedRun[]>;

const liveRuns: List = async ({ io }, ledger, options) => {
  const { environment, open } = options;
  const limit = Math.min(MAX_LIMIT, options.limit + 1);
  const live = await ledger.runs({ process_name: pipelineOf(options), environment, open, alive: open, limit });
  return live.map((run) => listedOf(run, io.clock.now()));
};

const foundRuns: List = async (context, ledger, options) => {
  const { err } = context;
  const { environment, since, until, owner, tag, step, errorCode, before } = options;
  if (ledger.acceptsLater) {
    err.line(err.paint('dim', 'asked of the tables, which are some minutes behind; without filters: what is now'));
  }
  const given = {
    process_name: pipelineOf(options),
    ...{ environment, since, until, owner, tag, step },
    error_code: errorCode,
    status: (options.status ?? (options.failed ? FAILED_STATUSES : undefined))?.join(','),
    open: options.open && 'yes',
    late: options.late && 'yes',
    // On AWS the log is large, and reading it is billed.
    quality: ledger.acceptsLater ? 'no' : 'yes',
    before: before?.time,
    skip: before && String(before.skip),
    limit: String(options.limit + 1),
  };
  return askQuestion<ListedRun>(ledger, 'find-runs', given, context);
};

/** Of a pipeline that there is not: what was probably meant. */
async function nearPipeline(ledger: OpenedLedger, options: RunsOptions, context: Context): Promise<string | undefined> {
  const typed = pipelineOf(options);
  if (typed === undefined) return undefined;
  const names = await namesOfPipelines(ledger, context);
  if (names.includes(typed)) return undefined;
  const near = nearest(typed.replaceAll('*', ''), names);
  if (typed.includes('*')) return near && `the nearest pipeline is ${near}`;
  return `there is no pipeline ${typed}${near === undefined ? '' : `, did you mean ${near}?`}`;
}

/** Where the next page begins: after so many runs of exactly that time. */
interface Cursor {
  readonly time: string;
  readonly skip: number;
}

function nextCursor(shown: readonly ListedRun[], before: Cursor | undefined): string | undefined {
  const time = shown.at(-1)?.listed_at;
  if (time === undefined || time === null) return undefined;
  const seen = shown.filter(({ listed_at }) => listed_at === time).length;
  return `${time}/${seen + (before?.time === time ? before.skip : 0)}`;
}

function readCursor(text: string): Cursor {
  const [, time = '', skip = '0'] = /^(.*?)(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  return { time, skip: Number(skip) };
}

function readStatuses(text: string): readonly string[] {
  const statuses = text
    .toUpperCase()
    .split(',')
    .filter((each) => each !== '');
  const unknown = statuses.find((each) => !(SHOWN_STATUSES as readonly string[]).includes(each));
  if (unknown === undefined && statuses.length > 0) return statuses;
  throw new InvalidArgumentError(`expected statuses of ${SHOWN_STATUSES.join(', ')}.`);
}
