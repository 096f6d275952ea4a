import { instantIn, numberIn, type Row, textIn } from '../../http/rows.ts';

/** One try of a step; of the run itself where it has no step. */
export interface Try {
  readonly run_attempt: number;
  readonly step_name: string | null;
  readonly step_index: number | null;
  readonly map_index: number | null;
  readonly attempt: number | null;
  readonly status: string | null;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly duration_ms: number | null;
  readonly records_in: number | null;
  readonly records_out: number | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly root_cause: string | null;
  readonly stack_trace: string | null;
}

export const tryIn = (row: Row): Try => ({
  run_attempt: numberIn(row, 'run_attempt') ?? 1,
  step_name: textIn(row, 'step_name'),
  step_index: numberIn(row, 'step_index'),
  map_index: numberIn(row, 'map_index'),
  attempt: numberIn(row, 'attempt'),
  status: textIn(row, 'status'),
  start_time: instantIn(row, 'start_time'),
  end_time: instantIn(row, 'end_time'),
  duration_ms: numberIn(row, 'duration_ms'),
  records_in: numberIn(row, 'records_in'),
  records_out: numberIn(row, 'records_out'),
  error_code: textIn(row, 'error_code'),
  error_message: textIn(row, 'error_message'),
  root_cause: textIn(row, 'root_cause'),
  stack_trace: textIn(row, 'stack_trace'),
});

type StepRef = Pick<Try, 'step_name' | 'map_index'>;

/** Tries of one step share its name and instance; an index may be told by some of them alone. */
export const stepKeyOf = ({ step_name, map_index }: StepRef): string => JSON.stringify([step_name, map_index]);

/** The tries of each step, the earliest first. */
export function triesByStep(tries: readonly Try[]): ReadonlyMap<string, readonly Try[]> {
  const byStep = new Map<string, Try[]>();
  for (const each of tries) {
    if (each.step_name === null) continue;
    const known = byStep.get(stepKeyOf(each));
    if (known === undefined) byStep.set(stepKeyOf(each), [each]);
    else known.push(each);
  }
  for (const known of byStep.values()) {
    known.sort((a, b) => a.run_attempt - b.run_attempt || (a.attempt ?? 1) - (b.attempt ?? 1));
  }
  return byStep;
}

/** The last try of each step, in the order of the steps: all of a run of which the live store keeps a part. */
export const lastTries = (tries: readonly Try[]): readonly Try[] =>
  [...triesByStep(tries).values()]
    .flatMap((those) => those.at(-1) ?? [])
    .sort(
      (a, b) =>
        (a.step_index ?? Number.MAX_SAFE_INTEGER) - (b.step_index ?? Number.MAX_SAFE_INTEGER) ||
        (a.step_name ?? '').localeCompare(b.step_name ?? '') ||
        (a.map_index ?? 0) - (b.map_index ?? 0),
    );

/** Those that went wrong, the latest first: what a person reads to find out why. */
export const failedTries = (tries: readonly Try[]): readonly Try[] =>
  tries
    .filter(({ error_code, error_message }) => error_code !== null || error_message !== null)
    .sort((a, b) => (b.end_time ?? b.start_time ?? '').localeCompare(a.end_time ?? a.start_time ?? ''));

/** The error that began it: that of the step which failed first for good, in the last attempt. */
export function rootOf(failed: readonly Try[]): Try | undefined {
  const attempt = Math.max(...failed.map(({ run_attempt }) => run_attempt));
  return failed.findLast(
    ({ run_attempt, step_name, status }) => run_attempt === attempt && step_name !== null && status !== 'SUCCESS',
  );
}
