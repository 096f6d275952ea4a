import { epochMsOf, type Instant } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import type { RunState } from '../run/run-view.ts';
import type { Told } from './as-of.ts';
import type { NewsKind } from './incident.ts';

/** That a run started or succeeded, for those who asked to be told so. It is no incident. */
export interface RunNews {
  readonly kind: NewsKind;
  readonly run_id: string;
  readonly run_attempt: number;
  readonly at: Instant;
}

/** So that a watch stays small: what is sent is told of no more. */
const MAX_NEWS = 100;

/** What these runs have to tell, beside what has yet to be told. Backfills and what is long past tell nothing. */
export function newsWith(
  waiting: readonly RunNews[],
  runs: readonly RunState[],
  { notify, paused, backfill_after }: Expectation,
  now: Instant,
): readonly RunNews[] {
  if (notify === undefined || paused) return waiting;
  const news = [...waiting];
  for (const { run_id, run_attempt, run_mode, status, start_time, end_time } of runs) {
    if (run_id === null || run_mode === 'backfill') continue;
    const told = (kind: NewsKind, at: Instant | null) => {
      if (at === null || epochMsOf(now) - epochMsOf(at) > backfill_after) return;
      const one = { kind, run_id, run_attempt: run_attempt ?? 1, at };
      if (!news.some((each) => isSame(each, one))) news.push(one);
    };
    if (notify.on_start) told('started', start_time);
    if (notify.on_success && status === 'SUCCESS') told('succeeded', end_time);
  }
  return news.length === waiting.length ? waiting : news.slice(-MAX_NEWS);
}

const isSame = (a: RunNews, b: RunNews): boolean =>
  a.kind === b.kind && a.run_id === b.run_id && a.run_attempt === b.run_attempt;

export const newsWithout = (news: readonly RunNews[], told: readonly RunNews[]): readonly RunNews[] =>
  news.filter((each) => !told.some((one) => isSame(one, each)));

/** News as channels take it: as a change of something that is no incident, and is over. */
export function toldOfNews(
  { environment, process_name }: { readonly environment: string; readonly process_name: string },
  { kind, run_id, run_attempt, at }: RunNews,
): Told {
  const change = { number: 1, kind, at, reasons: [] };
  return {
    incident: {
      environment,
      process_name,
      slot: `run ${run_id}`,
      id: JSON.stringify([environment, process_name, `run ${run_id}`, kind, run_attempt]),
      occurrence: 0,
      status: 'resolved',
      severity: 'P3',
      reasons: [],
      run_ids: [run_id],
      occurred_at: at,
      detected_at: at,
      outbox: [change],
      changes: 1,
    },
    change,
  };
}
