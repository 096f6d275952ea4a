import { durationShown } from '../format.ts';
import { epochMsOf, type Instant, instantAfter, instantOf } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import type { RunState } from '../run/run-view.ts';
import type { Verdict } from './condition.ts';
import { atMost } from './shown-by.ts';
import type { Upstream } from './upstream.ts';

/** What is known of a pipeline beside its slots. */
export interface PipelineFacts {
  readonly since: Instant;
  readonly last_good_at: Instant | undefined;
  /** Its latest runs, at least those of the window of its failure rate. */
  readonly runs: readonly RunState[];
  readonly upstream?: Upstream | undefined;
}

/** A pipeline that waited for another one has so long from then on. */
const AFTER_UPSTREAM_MS = 3_600_000;
/** While something upstream is wrong, one that waits for it is looked at again after this. */
const UPSTREAM_CHECK_MS = 300_000;

/** What is wrong with a pipeline as a whole, by the slot that its incident bears. Each ends with its condition. */
export function judgePipeline(
  expectation: Expectation,
  facts: PipelineFacts,
  now: Instant,
): readonly (readonly [slot: 'STALE' | 'FAILURE_RATE', verdict: Verdict])[] {
  return [
    ['STALE', expectation.paused ? GOOD : stale(expectation, facts, now)],
    ['FAILURE_RATE', expectation.paused ? GOOD : failureRate(expectation, facts, now)],
  ];
}

const GOOD: Verdict = { conditions: [], isGood: true };

/** When a pipeline whose last good run was then, or that is watched since then, is stale. */
export const staleAtOf = (
  { freshness }: Expectation,
  { since, last_good_at }: Pick<PipelineFacts, 'since' | 'last_good_at'>,
): Instant | undefined => (freshness === undefined ? undefined : instantAfter(last_good_at ?? since, freshness));

function stale(expectation: Expectation, facts: PipelineFacts, now: Instant): Verdict {
  const { freshness, severity } = expectation;
  const { last_good_at, upstream } = facts;
  const fromItself = staleAtOf(expectation, facts);
  if (freshness === undefined || fromItself === undefined) return GOOD;
  const freed = upstream?.freed_at && instantAfter(upstream.freed_at, Math.min(AFTER_UPSTREAM_MS, freshness));
  const staleAt = freed !== undefined && freed > fromItself ? freed : fromItself;
  if (now <= staleAt) return { ...GOOD, next_check: instantAfter(staleAt, 1) };
  const text =
    last_good_at === undefined
      ? `has had no good run, one was expected within ${durationShown(freshness)}`
      : `had its last good run at ${last_good_at}, one was expected every ${durationShown(freshness)}`;
  if (upstream?.incident !== undefined)
    return {
      conditions: [],
      isGood: false,
      next_check: instantAfter(now, UPSTREAM_CHECK_MS),
      held_up_by: upstream.incident.id,
    };
  return {
    conditions: [{ reason: 'STALE', severity: atMost(severity, 'P2'), occurred_at: staleAt, text }],
    isGood: false,
  };
}

function failureRate({ failure_rate, severity }: Expectation, { runs }: PipelineFacts, now: Instant): Verdict {
  if (failure_rate === undefined) return GOOD;
  const { window, threshold, minimum_runs } = failure_rate;
  const from = instantOf(epochMsOf(now) - window);
  const ended = runs.filter(
    ({ end_time, run_mode, status }) =>
      end_time !== null &&
      end_time >= from &&
      run_mode !== 'backfill' &&
      status !== 'CANCELLED' &&
      status !== 'SKIPPED',
  );
  const failed = ended.filter(({ status }) => status !== 'SUCCESS');
  if (ended.length < minimum_runs || failed.length <= threshold * ended.length) return GOOD;
  const last =
    failed
      .map(({ end_time }) => end_time ?? '')
      .sort()
      .at(-1) ?? now;
  const text = `failed ${failed.length} of its ${ended.length} runs of the last ${durationShown(window)}, at most ${Math.round(threshold * 100)} % was expected`;
  return {
    conditions: [{ reason: 'FAILURE_RATE', severity: atMost(severity, 'P2'), occurred_at: last, text }],
    isGood: false,
  };
}
