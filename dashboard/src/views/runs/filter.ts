import type { ShownRun } from '../../http/ledger.ts';
import { hasFailed, isLate } from '../../parts/run-facts.ts';

/** The filters of the list of runs, as the address has them. */
export interface FilterQuery {
  /** A name, or a pattern with `*`. */
  readonly pipeline?: string;
  readonly environment?: string;
  /** Statuses with commas between them; `failed` is every one that counts as a failure. */
  readonly status?: string;
  readonly since?: string;
  readonly open?: string;
  readonly late?: string;
  readonly owner?: string;
  /** A part of the id, or of the error. */
  readonly text?: string;
}

export function runsMatching(runs: readonly ShownRun[], filter: FilterQuery, now: number): readonly ShownRun[] {
  const { pipeline, status, late, owner, text } = filter;
  const pattern = pipeline?.includes('*') ? patternOf(pipeline) : undefined;
  const statuses = new Set(status?.split(','));
  const wanted = text?.toLowerCase();
  return runs.filter(
    (run) =>
      (pattern === undefined || pattern.test(run.process_name ?? '')) &&
      (status === undefined || statuses.has(run.status) || (statuses.has('failed') && hasFailed(run.status))) &&
      (late !== 'true' || isLate(run, now)) &&
      (owner === undefined || run.owner === owner) &&
      (wanted === undefined ||
        [run.run_id, run.error_message, run.error_code].some((each) => each?.toLowerCase().includes(wanted))),
  );
}

const patternOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
