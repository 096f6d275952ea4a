import type { Decision } from '../core/recovery/recovery.ts';
import { runKeyOf } from '../core/run/run.ts';
import type { ShownRun } from '../core/run/shown-run.ts';
import { askQuestion } from './ask-question.ts';
import type { Context } from './context.ts';
import { daysOf } from './find-run.ts';
import type { OpenedLedger } from './opened-ledger.ts';
import { decisionsOn } from './recovery/decisions-on.ts';

/** What is known of one run beside its row and its steps: what the tables hold, and what was decided about it. */
export interface RunDetails {
  readonly tries: readonly Try[];
  readonly quality: readonly Check[];
  readonly reads: readonly Dataset[];
  readonly writes: readonly Dataset[];
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The last value of each. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly checkpoints: readonly RunEvent[];
  /** What its end said. */
  readonly end_message: string | null;
  readonly root_cause: string | null;
  /** Of its first error that has one, as it was written. */
  readonly stack_trace: string | null;
  /** Who reported it, where it was not its producer alone. */
  readonly reporters: readonly string[];
  readonly relatives: readonly Relative[];
  /** What was decided about it, and about its start. */
  readonly decisions: readonly Decision[];
}

/** A row of the question `run-tries`. */
export interface Try {
  readonly run_attempt: number | null;
  readonly step_name: string | null;
  readonly step_index: number | null;
  readonly map_index: number | null;
  readonly attempt: number | null;
  readonly status: string;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly duration_ms: number | null;
  readonly records_in: number | null;
  readonly records_out: number | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

/** A row of the question `run-quality`. */
export interface Check {
  readonly step_name: string | null;
  readonly dataset: string | null;
  readonly check_name: string | null;
  readonly success: boolean | null;
  readonly severity: string | null;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly records_checked: number | null;
  readonly records_failed: number | null;
}

/** What a step read or wrote, with the most that its events counted. */
export interface Dataset {
  readonly step_name: string | null;
  readonly type?: string;
  readonly path: string;
  readonly records?: number;
  readonly size_bytes?: number;
}

/** A row of the question `run-relatives`. */
export interface Relative {
  readonly relation: string;
  readonly environment: string;
  readonly process_name: string;
  readonly run_id: string;
  readonly status: ShownRun['status'];
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly duration_ms: number | null;
}

/** A row of the question `run-events`, with its nested values read. */
export interface RunEvent {
  readonly event_key: string;
  readonly event_time: string | null;
  readonly event_type: string;
  readonly step_name: string | null;
  readonly map_index: number | null;
  readonly status: string | null;
  readonly attempt: number | null;
  readonly duration_ms: number | null;
  readonly records_in: number | null;
  readonly records_out: number | null;
  readonly log_level: string | null;
  readonly message: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly root_cause: string | null;
  readonly stack_trace: string | null;
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly params: Readonly<Record<string, string>> | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly quality: readonly Pick<Check, 'check_name' | 'success'>[] | null;
  readonly reporter: string;
}

const MANY_EVENTS = '10000';

/** Asks for everything about one run. */
export async function detailsOf(context: Context, ledger: OpenedLedger, run: ShownRun): Promise<RunDetails> {
  const key = keyOf(run);
  const given = { ...key, ...daysOf(run) };
  const { run_id, environment, process_name } = run;
  const pipeline = { environment: environment ?? undefined, process_name: process_name ?? undefined };
  const [events, tries, quality, told, relatives, decisions] = await Promise.all([
    eventsOf(context, ledger, { ...given, limit: MANY_EVENTS }),
    askQuestion<Try>(ledger, 'run-tries', given, context),
    askQuestion<Check>(ledger, 'run-quality', given, context),
    askQuestion<Told>(ledger, 'run-reads-writes', given, context),
    askQuestion<Relative>(ledger, 'run-relatives', key, context),
    decisionsOn(ledger, pipeline, (each) => each.run_id === run_id || each.new_run_id === run_id),
  ]);
  const own = events.filter(({ step_name }) => step_name === null);
  const failures = [...own, ...events].filter(({ error_message, error_code }) => error_message ?? error_code);
  const reporters = [...new Set(events.map(({ reporter }) => reporter))].sort();
  return {
    tries,
    quality,
    reads: datasetsIn(told, 'read_datasets'),
    writes: datasetsIn(told, 'written_datasets'),
    params: joined(events.map(({ params }) => params)),
    tags: joined(events.map(({ tags }) => tags)),
    metrics: joined(events.map(({ metrics }) => metrics)),
    checkpoints: events.filter(({ event_type }) => event_type === 'CHECKPOINT'),
    end_message: own.findLast(({ event_type }) => event_type === 'RUN_END')?.message ?? null,
    root_cause: failures.find((each) => each.root_cause)?.root_cause ?? null,
    stack_trace: failures.find((each) => each.stack_trace)?.stack_trace ?? null,
    reporters: reporters.join() === 'producer' ? [] : reporters,
    relatives: relatives.filter((each) => runKeyOf(each) !== runKeyOf(run)),
    decisions,
  };
}

/** Which run, to a question: names are asked for as they are, whatever they hold. */
export const keyOf = ({ run_id, environment, process_name }: ShownRun) => ({
  run_id: run_id ?? '',
  environment: environment ?? '*',
  process_name: process_name ?? '*',
});

type Asked = Readonly<Record<string, string | undefined>>;

/** The events of a run, with their nested values read. */
export async function eventsOf(context: Context, ledger: OpenedLedger, given: Asked): Promise<readonly RunEvent[]> {
  const rows = await askQuestion<Readonly<Record<string, unknown>>>(ledger, 'run-events', given, context);
  return rows.map((row) => ({ ...row, ...nestedOf(row) }) as unknown as RunEvent);
}

const NESTED = ['metrics', 'params', 'tags', 'planned_steps', 'quality'] as const;

const nestedOf = (row: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(NESTED.map((name) => [name, typeof row[name] === 'string' ? JSON.parse(row[name]) : null]));

const joined = <T>(each: readonly (Readonly<Record<string, T>> | null)[]): Readonly<Record<string, T>> =>
  Object.assign({}, ...each);

interface Told {
  readonly step_name: string | null;
  readonly read_datasets: string | null;
  readonly written_datasets: string | null;
}

type ToldDataset = Readonly<Record<'type' | 'path', string | null> & Record<'records' | 'size_bytes', number | null>>;

/** One entry for each dataset of each step: events that name it again, at its end, may have counted. */
function datasetsIn(told: readonly Told[], side: 'read_datasets' | 'written_datasets'): readonly Dataset[] {
  const found = new Map<string, Dataset>();
  for (const { step_name, [side]: text } of told) {
    for (const { type, path, records, size_bytes } of JSON.parse(text ?? '[]') as readonly ToldDataset[]) {
      if (path === null || path === undefined) continue;
      const key = JSON.stringify([step_name, type, path]);
      const before = found.get(key);
      found.set(key, {
        step_name,
        ...(type == null ? {} : { type }),
        path,
        ...most('records', before?.records, records),
        ...most('size_bytes', before?.size_bytes, size_bytes),
      });
    }
  }
  return [...found.values()];
}

const most = (name: string, ...counts: readonly (number | null | undefined)[]): object => {
  const known = counts.filter((each) => each != null);
  return known.length === 0 ? {} : { [name]: Math.max(...known) };
};
