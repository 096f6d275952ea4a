import { useEffect, useMemo, useState } from 'preact/hooks';
import { useAnswer } from '../../http/billed.ts';
import { deployed } from '../../http/deployed.ts';
import { ledger } from '../../http/ledger.ts';
import { rowsOf } from '../../http/rows.ts';
import { type ListedRun, runIn } from '../../http/run-rows.ts';
import type { Data } from '../../http/use-data.ts';
import { askedFor, type FilterQuery } from './filter.ts';

export const PAGE = 500;

/** Runs page by page: the first is kept up to date, the others are read as a reader scrolls to them. */
export function useRuns(filter: FilterQuery): {
  readonly first: Data<readonly ListedRun[]>;
  readonly runs: readonly ListedRun[];
  readonly more: (() => void) | undefined;
  readonly error: Error | undefined;
} {
  const key = JSON.stringify(filter);
  const asked = askedFor(filter);
  const { value: answer, ...data } = useAnswer(
    `runs ${key}`,
    'find-runs',
    (signal, asOf) => ledger.question('find-runs', { ...asked, quality: 'no', limit: PAGE }, signal, asOf),
    { on: ['runs'], everyMs: 2_000 },
  );
  const listed = useMemo(() => answer && rowsOf(answer).map(runIn), [answer]);
  const first = { ...data, value: listed };
  const [rest, setRest] = useState<{ key: string; runs: readonly ListedRun[]; isAll: boolean }>();
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState<Error>();
  useEffect(() => {
    setRest(undefined);
    setError(undefined);
  }, [key]);

  const known = first.value ?? [];
  const later = rest?.key === key ? rest : undefined;
  const runs = later === undefined ? known : joined(known, later.runs);
  // More of a deployed ledger is another question that is billed: no reader asks it by scrolling.
  const isAll = known.length < PAGE || later?.isAll === true || deployed() !== undefined;

  const more = async (): Promise<void> => {
    setLoading(true);
    const last = runs.at(-1);
    const before = last?.listed_at ?? undefined;
    const skip = runs.filter(({ listed_at }) => listed_at === before).length;
    try {
      const answer = await ledger.question('find-runs', { ...asked, quality: 'no', limit: PAGE, before, skip });
      const next = rowsOf(answer).map(runIn);
      setRest({ key, runs: joined(later?.runs ?? known, next), isAll: next.length < PAGE });
      setError(undefined);
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setLoading(false);
    }
  };
  return { first, runs, more: isAll || isLoading ? undefined : () => void more(), error };
}

/** Both lists, each run once, as the first of them has it. */
function joined(newer: readonly ListedRun[], older: readonly ListedRun[]): readonly ListedRun[] {
  const keyOf = (run: ListedRun): string => `${run.environment}\n${run.process_name}\n${run.run_id}`;
  const known = new Set(newer.map(keyOf));
  return [...newer, ...older.filter((run) => !known.has(keyOf(run)))];
}
