import { countShown, durationShown, UNKNOWN } from '../../core/format.ts';
import type { RunFilter } from '../../core/ports/live-runs.ts';
import { runKeyOf } from '../../core/run/run.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';
import type { LedgerApi } from '../../ledger/api.ts';
import { plain } from './format.ts';
import { type Screen, styleOf } from './screen.ts';

/** A run that is new (no status before), or whose status changed. */
export interface RunChange {
  readonly before: string | undefined;
  readonly run: ShownRun;
}

type Followed = Pick<RunFilter, 'process_name' | 'environment'>;

const FIRST_RUNS = 10;
const LATEST_RUNS = 200;
const OPEN_RUNS = 1_000;

/**
 * Looks again and again: first the latest runs, oldest first, then what changed since the last look. Runs that were open
 * are followed to their end, however many have started since.
 */
export async function* followRuns(
  ledger: Pick<LedgerApi, 'runs' | 'show'>,
  followed: Followed,
  pause: () => Promise<void>,
): AsyncGenerator<readonly RunChange[]> {
  let known = new Map<string, ShownRun>();
  for (let isFirst = true; ; isFirst = false) {
    const seen = await look(ledger, followed, known);
    const changes = [...seen.values()]
      .filter((run) => known.get(runKeyOf(run))?.status !== run.status)
      .map((run): RunChange => ({ before: known.get(runKeyOf(run))?.status, run }))
      .sort((a, b) => compare(a.run.last_event_at, b.run.last_event_at));
    yield isFirst ? changes.slice(-FIRST_RUNS) : changes;
    known = seen;
    await pause();
  }
}

/** The latest runs, all open ones, and those that were open at the last look and are in neither list now. */
async function look(
  ledger: Pick<LedgerApi, 'runs' | 'show'>,
  followed: Followed,
  known: ReadonlyMap<string, ShownRun>,
): Promise<Map<string, ShownRun>> {
  const open = await ledger.runs({ ...followed, open: true, limit: OPEN_RUNS });
  const latest = await ledger.runs({ ...followed, limit: LATEST_RUNS });
  const seen = new Map([...open, ...latest].map((run) => [runKeyOf(run), run]));
  for (const [key, { status, run_id, process_name, environment }] of known) {
    if (seen.has(key) || !OPEN.has(status)) continue;
    const filter = { run_id: run_id ?? '', process_name: process_name ?? '', environment: environment ?? '' };
    for (const { run } of await ledger.show(filter)) seen.set(runKeyOf(run), run);
  }
  return seen;
}

const OPEN: ReadonlySet<string> = new Set(['RUNNING', 'QUEUED', 'RETRY', 'SUSPECT', 'LOST']);

const compare = (a: string | null, b: string | null): number =>
  (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;

/** `10:07:21  RUNNING → SUCCESS  daily_orders  run-7  4 min 10 s, 1,198,000 out`. */
export function changeLine({ before, run }: RunChange, { paint }: Pick<Screen, 'paint'>): string {
  const status = paint(styleOf(run.status), run.status);
  const word = before === undefined ? status : `${before} → ${status}`;
  const took = run.end_time === null ? [] : [[durationShown(run.duration_ms), ...outOf(run)].join(', ')];
  const error =
    run.error_code === null && run.error_message === null
      ? []
      : [plain([run.error_code, run.error_message].filter(Boolean).join(' '))];
  const time = run.last_event_at?.slice(11, 19) ?? UNKNOWN;
  return [paint('dim', time), word, plain(run.process_name ?? ''), plain(run.run_id ?? ''), ...took, ...error].join(
    '  ',
  );
}

const outOf = ({ records_out }: ShownRun): readonly string[] =>
  records_out === null ? [] : [`${countShown(records_out)} out`];
