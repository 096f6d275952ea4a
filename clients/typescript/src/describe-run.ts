import type { Cluster, RunIdentity } from './event.ts';
import type { LedgerSettings } from './ledger-options.ts';
import type { RunOptions } from './run-options.ts';
import {
  attempt,
  type Complain,
  type Reader,
  readCount,
  readInstant,
  readMap,
  readRow,
  readText,
  readTexts,
  unexpected,
} from './wire-value.ts';

export interface RunDescription {
  readonly run: RunIdentity;
  /** The columns that describe the run; its START and its END carry them. */
  readonly columns: Readonly<Record<string, unknown>>;
}

/** Reads the options of a run. It leaves out a value it cannot read, and complains; it never refuses a run. */
export function describeRun(
  options: RunOptions,
  settings: Pick<LedgerSettings, 'environment' | 'owner' | 'tags'>,
  nextId: () => string,
  complain: Complain,
): RunDescription {
  // Reads each option once: a getter of the host may throw, or return another value the second time.
  const given = attempt((): Partial<RunOptions> => ({ ...options }), complain) ?? {};
  const process_name = readName(given.process_name, 'process_name', complain);
  if (process_name === undefined) complain(unexpected('process_name', 'the name of the pipeline', given.process_name));
  const ownTags = attempt(() => readMap(readText)(given.tags, 'tags', complain), complain);
  const tags: Readonly<Record<string, unknown>> = { ...settings.tags, ...ownTags };
  return {
    run: {
      run_id: readName(given.run_id, 'run_id', complain) ?? nextId(),
      process_name: process_name ?? 'unnamed',
      run_attempt: attempt(() => readCount(given.run_attempt, 'run_attempt', complain), complain) || 1,
      // Every event names it, not only those that carry the tags: it is part of what makes them one run.
      environment:
        readName(given.environment, 'environment', complain) ??
        environmentIn(ownTags) ??
        settings.environment ??
        environmentIn(settings.tags),
    },
    columns: {
      owner: settings.owner,
      ...columnsOf(given, complain),
      tags: Object.keys(tags).length > 0 ? tags : undefined,
    },
  };
}

type Described = Omit<RunOptions, 'process_name' | 'run_id' | 'run_attempt' | 'environment' | 'tags'>;

const READERS: { readonly [Name in keyof Described]-?: Reader<unknown> } = {
  process_type: readText,
  parent_run_id: readText,
  root_run_id: readText,
  job_id: readText,
  task_id: readText,
  scheduled_for: readInstant,
  data_interval_start: readInstant,
  data_interval_end: readInstant,
  owner: readText,
  run_mode: readText,
  user: readText,
  notebook_path: readText,
  notebook_git_sha: readText,
  cluster: readRow<Cluster>({
    cluster_id: readText,
    cluster_size: readText,
    executor_count: readCount,
    driver_node_type: readText,
    spark_version: readText,
  }),
  params: readMap(readText),
  planned_steps: readTexts,
  sla: readRow<{ expected_max_duration_ms: number }>({ expected_max_duration_ms: readCount }),
  heartbeat_interval_ms: readCount,
};
const READ_ABOVE = ['process_name', 'run_id', 'run_attempt', 'environment', 'tags'];

/** In the order of the readers, whatever the order of the options is: every client writes the same bytes. */
function columnsOf(given: Partial<RunOptions>, complain: Complain): Record<string, unknown> {
  const names = Object.keys(READERS) as (keyof Described)[];
  for (const name of Object.keys(given)) {
    if (!READ_ABOVE.includes(name) && !Object.hasOwn(READERS, name))
      complain(unexpected('options', `one of ${[...READ_ABOVE, ...names].join(', ')}`, name));
  }
  const columns: Record<string, unknown> = {};
  for (const name of names) {
    const read = attempt(() => READERS[name](given[name], name, complain), complain);
    if (read !== undefined) columns[name] = read;
  }
  return columns;
}

const environmentIn = (tags: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  [tags?.env, tags?.environment].map((tag) => (tag === undefined ? '' : String(tag))).find((tag) => tag.trim() !== '');

/** A name that is not empty. */
function readName(value: unknown, name: string, complain: Complain): string | undefined {
  const text = attempt(() => readText(value, name, complain), complain);
  return text === undefined || text.trim() === '' ? undefined : text;
}
