import { textFrom } from './environment.ts';
import type { RunOptions } from './run-options.ts';
import type { Runtime } from './runtime.ts';
import { ask, literal } from './watermark.ts';

/** What the ledger told the process that it started, by its environment. Undefined: it did not start it. */
export interface Started {
  readonly run_id: string;
  readonly process_name: string | undefined;
  readonly parent_run_id: string | undefined;
  /** The index of the first step that is to run; the steps before it are done. Undefined: all are to run. */
  readonly from_step: number | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** The options of the run, where its code says nothing itself. */
  readonly options: Omit<RunOptions, 'process_name'>;
}

/** Never throws: what cannot be read is taken as not told. */
export function startedByLedger(runtime: Pick<Runtime, 'env'>): Started | undefined {
  const text = (name: string) => textFrom(runtime, `RUNLEDGER_${name}`);
  const run_id = text('RUN_ID');
  if (run_id === undefined) return undefined;
  const parent_run_id = text('PARENT_RUN_ID');
  const told = {
    run_id,
    environment: text('ENVIRONMENT'),
    run_attempt: countIn(text('RUN_ATTEMPT')),
    run_mode: text('RUN_MODE'),
    parent_run_id,
    root_run_id: text('ROOT_RUN_ID'),
    scheduled_for: text('SCHEDULED_FOR'),
  };
  return {
    ...{ run_id, process_name: text('PIPELINE'), parent_run_id, from_step: countIn(text('FROM_STEP')) },
    params: paramsIn(text('PARAMS')),
    options: defined(told),
  };
}

const taken = new WeakSet<Runtime>();

/** The options of a run with what the ledger told. Only the first run of the pipeline that was started is that run. */
export function withStart(options: RunOptions, runtime: Runtime): RunOptions {
  const started = startedByLedger(runtime);
  if (started === undefined || started.process_name !== String(options.process_name)) return options;
  if (taken.has(runtime) || (options.run_id ?? undefined) !== undefined) return options;
  taken.add(runtime);
  return { ...started.options, ...defined(options) };
}

/** What the earlier run kept by `run.checkpoint` last; undefined: nothing. Rejects with `LedgerUnavailable`. */
export async function lastCheckpoint(
  parent_run_id: string,
  process_name: string,
  runtime: Runtime,
): Promise<string | undefined> {
  const [row] = await ask(
    "select message from pipeline_logs where event_type = 'CHECKPOINT' and message is not null " +
      `and run_id = ${literal(parent_run_id)} and process_name = ${literal(process_name)} ` +
      'order by event_time desc, event_id desc limit 1',
    runtime,
  );
  return typeof row?.message === 'string' ? row.message : undefined;
}

const countIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

function paramsIn(text: string | undefined): Readonly<Record<string, string>> {
  try {
    const told: unknown = JSON.parse(text ?? '{}');
    if (typeof told !== 'object' || told === null || Array.isArray(told)) return {};
    return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}

const defined = <Options extends object>(options: Options): Options =>
  Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null),
  ) as unknown as Options;
