import { epochMsOf, instantAfter } from '../core/instant.ts';
import { nearest } from '../core/nearest.ts';
import type { ShownRun, ShownRunDetail } from '../core/run/shown-run.ts';
import { askQuestion } from './ask-question.ts';
import { type Context, type PipelineOptions, pipelineOf } from './context.ts';
import { EXIT, Stop } from './exit-code.ts';
import type { OpenedLedger } from './opened-ledger.ts';
import { namesOfPipelines } from './pipeline-names.ts';
import { plain } from './screen/format.ts';
import { type ListedRun, listedOf } from './screen/listed-run.ts';
import { runTable } from './screen/run-table.ts';

/** Which run is meant, beside its name. */
export interface RunChoice extends PipelineOptions {
  readonly last?: true;
}

const MOST_LISTED = 10;

/**
 * The run that a person means: its id, the beginning of an id that only one run has, or a pipeline, for its last run.
 * Without a name and with `--last`: the last run of all. Throws `Stop`, with what there is, when it is none or several.
 */
export async function findRun(
  context: Context,
  ledger: OpenedLedger,
  name: string | undefined,
  options: RunChoice,
): Promise<ShownRunDetail> {
  const { io } = context;
  const process_name = pipelineOf(options);
  const { environment } = options;
  if ((name === undefined) !== (options.last === true)) {
    throw new Stop(
      EXIT.usage,
      `expected a run, a pipeline or --last, but got ${name === undefined ? 'none' : 'both'}; \`${io.program} runs\` lists the runs`,
    );
  }
  const byId = name === undefined ? [] : await ledger.show({ run_id: name, process_name, environment });
  if (byId.length > 1)
    throw severalOf(
      context,
      byId.map(({ run }) => listedOf(run, io.clock.now())),
      name ?? '',
    );
  const pipeline = name === undefined ? process_name : process_name === undefined ? name : undefined;
  const isLast = name === undefined || pipeline !== undefined;
  const [found = isLast ? await lastOf(ledger, { process_name: pipeline, environment }) : undefined] = byId;
  if (found !== undefined) return found;
  if (name !== undefined) {
    const [only, ...others] = await startingWith(context, ledger, name, options);
    if (others.length > 0 && only !== undefined) throw severalOf(context, [only, ...others], name);
    const detail = only && (await showOf(ledger, only));
    if (detail !== undefined) return detail;
  }
  throw new Stop(EXIT.notFound, await noneOf(context, ledger, name, process_name));
}

/** The last run of a pipeline, or of all. */
async function lastOf(
  ledger: OpenedLedger,
  filter: { readonly process_name: string | undefined; readonly environment: string | undefined },
): Promise<ShownRunDetail | undefined> {
  const [last] = await ledger.runs({ ...filter, limit: 1 });
  return last && showOf(ledger, last);
}

type Key = Pick<ShownRun, 'run_id' | 'process_name' | 'environment'>;

async function showOf(ledger: OpenedLedger, { run_id, process_name, environment }: Key) {
  const key = { run_id: run_id ?? '', process_name: process_name ?? '', environment: environment ?? '' };
  return (await ledger.show(key))[0];
}

/** A list cuts long ids, and ends them with `…`. */
const startingWith = (context: Context, ledger: OpenedLedger, name: string, options: RunChoice) =>
  askQuestion<ListedRun>(
    ledger,
    'find-runs',
    {
      run_id: name.replace(/…$/, ''),
      process_name: pipelineOf(options),
      environment: options.environment,
      quality: 'no',
      limit: String(MOST_LISTED + 1),
    },
    context,
  );

function severalOf({ io, err }: Context, runs: readonly ListedRun[], name: string): Stop {
  const shown = runs.slice(0, MOST_LISTED);
  for (const line of runTable(shown, io.clock.now(), err, { wide: true })) err.line(line);
  const count = runs.length > MOST_LISTED ? `more than ${MOST_LISTED}` : String(runs.length);
  const haveOneId = new Set(runs.map(({ run_id }) => run_id)).size === 1;
  return new Stop(
    EXIT.failure,
    haveOneId
      ? `${count} runs have the id ${plain(name)}; say which with --pipeline and --environment`
      : `the ids of ${count} runs begin with ${plain(name)}; type more of the one you mean`,
  );
}

async function noneOf(
  context: Context,
  ledger: OpenedLedger,
  name: string | undefined,
  process_name: string | undefined,
): Promise<string> {
  const lists = `\`${context.io.program} runs\` lists those there are`;
  const pipeline = process_name ?? name;
  if (pipeline === undefined) return 'there are no runs yet';
  const near = nearest(pipeline, await namesOfPipelines(ledger, context));
  const none = name === undefined ? `there is no run of ${pipeline}` : `there is no run or pipeline ${name}`;
  return near === undefined || near === pipeline
    ? `${none}; ${lists}`
    : `${none}; did you mean the pipeline ${near}? ${lists}`;
}

/** The days in which the events of a run lie, for questions about it; the ledger's tables are read day by day. */
export function daysOf({ first_event_at, last_event_at }: ShownRun): {
  readonly since?: string;
  readonly until?: string;
} {
  if (first_event_at === null || last_event_at === null) return {};
  const until = instantAfter(last_event_at, DAY_MS);
  return { since: first_event_at, ...(until === undefined || epochMsOf(until) >= LAST_MS ? {} : { until }) };
}

const DAY_MS = 86_400_000;
/** Later than any time that the ledger reads. */
const LAST_MS = Date.UTC(2099, 11, 31);
