import { epochMsOf, type Instant, instantAfter } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import { nextTimeOfDay, wallTimeOf } from '../schedule/zone.ts';
import type { Condition, Found } from './condition.ts';
import { atMost } from './shown-by.ts';
import type { Upstream } from './upstream.ts';

/** While something upstream is wrong, a slot that waits for it is looked at again after this. */
const UPSTREAM_CHECK_MS = 300_000;

export interface Waiting extends Found {
  /** The incident that it waits for. */
  readonly held_up_by?: string | undefined;
}

/**
 * Nothing started in time, or nothing good finished in time. While something upstream is wrong, a late slot is held up by
 * that; once it is over, the slot has as long as it had at first.
 */
export function judgeWaiting(
  { schedule, finish_by, severity }: Expectation,
  slot: Instant,
  runs: number,
  upstream: Upstream | undefined,
  now: Instant,
): Waiting {
  const zone = schedule?.timezone ?? 'UTC';
  const from = upstream?.freed_at ?? slot;
  const startBy = instantAfter(from, schedule?.start_grace ?? 0) ?? slot;
  const finishAt = finish_by === undefined ? undefined : nextTimeOfDay(slot, finish_by, zone);
  const finishBy = finishAt && instantAfter(finishAt, epochMsOf(from) - epochMsOf(slot));
  const conditions: Condition[] = [];
  if (runs === 0 && now > startBy) {
    const text = `was expected to start at ${wallTimeOf(slot, zone)} (${zone}), and had not by ${wallTimeOf(startBy, zone)}`;
    conditions.push({
      reason: 'NOT_STARTED',
      severity: atMost(severity, severity === 'high' ? 'P1' : 'P2'),
      occurred_at: startBy,
      text,
    });
  }
  if (finishBy !== undefined && now > finishBy) {
    const text = `was expected to be finished by ${wallTimeOf(finishBy, zone)} (${zone})`;
    conditions.push({ reason: 'NOT_FINISHED_BY', severity: atMost(severity, 'P2'), occurred_at: finishBy, text });
  }
  const checks = [startBy, ...(finishBy === undefined ? [] : [finishBy])].flatMap((at) => instantAfter(at, 1) ?? []);
  if (upstream?.incident === undefined || conditions.length === 0) return { conditions, checks };
  return {
    conditions: [],
    checks: [...checks, instantAfter(now, UPSTREAM_CHECK_MS) ?? now],
    held_up_by: upstream.incident.id,
  };
}
