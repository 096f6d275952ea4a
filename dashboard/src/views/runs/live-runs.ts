import { ledger, type ShownRun } from '../../http/ledger.ts';
import type { ListedRun } from '../../http/run-rows.ts';
import { type Data, useData } from '../../http/use-data.ts';
import { overSlaMs } from '../../parts/run-facts.ts';
import { nowMs } from '../../time/clock.ts';
import type { FilterQuery } from './filter.ts';

/** As many as one answer holds. */
export const MOST_LIVE = 1_000;

/** Filters that only history can answer. */
export const asksHistory = ({ step, tag, until, run_id }: FilterQuery): boolean =>
  [step, tag, until, run_id].some((each) => each !== undefined && each !== '');

/**
 * Runs of a deployed ledger as its live table has them: the latest of the pipeline and the environment, of which those
 * are shown that match the other filters. Nothing of it is billed by what is read.
 */
export function useLiveRuns(filter: FilterQuery): Data<{
  readonly runs: readonly ListedRun[];
  readonly isCut: boolean;
}> {
  const { pipeline, environment, since, open } = filter;
  const isPattern = pipeline?.includes('*') === true;
  const data = useData(
    `live runs ${JSON.stringify([isPattern ? '' : pipeline, environment, since, open])}`,
    (signal) =>
      ledger.runs(
        {
          ...(pipeline && !isPattern && { process_name: pipeline }),
          ...(environment && { environment }),
          ...(since && { since: instantFrom(since) }),
          ...(open === 'yes' && { open: 'true' }),
          limit: MOST_LIVE,
        },
        signal,
      ),
    { on: ['runs'] },
  );
  const value = data.value && {
    runs: data.value.filter((run) => matches(run, filter)),
    isCut: data.value.length === MOST_LIVE,
  };
  return { ...data, value };
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `24h` and `7d` are how long ago; anything else is a day or a time. */
function instantFrom(since: string): string {
  const [, amount, unit = ''] = /^(\d+)([mhd])$/.exec(since) ?? [];
  const atMs = amount === undefined ? Date.parse(since) : nowMs() - Number(amount) * (UNIT_MS[unit] ?? 0);
  return new Date(Number.isNaN(atMs) ? 0 : atMs).toISOString();
}

function matches(run: ShownRun, { pipeline, status, owner, error_code, late }: FilterQuery): boolean {
  return (
    isLike(run.process_name, pipeline) &&
    isLike(run.owner, owner) &&
    isLike(run.error_code, error_code) &&
    (!status || status.split(',').includes(run.status)) &&
    (late !== 'yes' || overSlaMs(run, nowMs()) > 0)
  );
}

/** As the questions read patterns: `*` is any text, and case does not count. */
function isLike(text: string | null, pattern: string | undefined): boolean {
  if (!pattern) return true;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return text !== null && new RegExp(`^${parts.join('.*')}$`, 'is').test(text);
}
