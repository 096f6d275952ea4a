import { deployed } from '../aws/deployed.ts';
import { checkDeadlinesPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import { withCleanup } from '../aws/with-cleanup.ts';
import { epochMsOf, type Instant } from '../core/instant.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { appliedPipelines, expectationsIn } from '../flows/applied-pipelines.ts';
import { eachStage } from '../flows/catch-up.ts';
import { checkDeadlines } from '../flows/check-deadlines.ts';
import { type EvaluatePorts, evaluateClock } from '../flows/evaluate.ts';
import { lagOf } from '../flows/lag.ts';

/** What the handler works with. */
export interface CheckDeadlinesPorts extends EvaluatePorts {
  readonly live: LiveStore;
  readonly clock: Clock;
  /** Tells a monitor outside, whose address stands in a secret, that the ledger lives. */
  readonly beat: (reference: string) => Promise<void>;
  readonly report: Report;
}

/**
 * The clock, every minute: finds runs that have fallen silent, judges the pipelines that are due, and measures what the
 * history lane is behind: that needs neither its functions nor its engine, so that it is known too when they stand still.
 */
export const handlerOf = (ports: CheckDeadlinesPorts) => async () => {
  const now = ports.clock.now();
  const counts: Record<string, number> = {};
  let expectations: Expectations | undefined;
  const expected = async (): Promise<Expectations> => {
    expectations ??= expectationsIn(await appliedPipelines(ports.store));
    return expectations;
  };
  const silence = async (): Promise<void> => {
    const { silent, checked_at } = await checkDeadlines(ports.live, now);
    Object.assign(counts, { checked_at, silent });
    if (silent > 0) await ports.bus.publish([{ type: 'Runs Silent', detail: { runs: silent } }]);
  };
  const evaluate = async (): Promise<void> => {
    const { pipelines, changed, failures } = await evaluateClock(ports, await expected(), now);
    Object.assign(counts, { pipelines, incidents: changed.length });
    if (failures[0] !== undefined) throw failures[0];
  };
  const beat = async (): Promise<void> => {
    const { heartbeat } = await expected();
    if (heartbeat !== undefined && isDue(heartbeat.every, now)) await ports.beat(heartbeat.url);
  };
  await withCleanup(
    async () => {
      await eachStage([silence, evaluate]);
      // Only a ledger that does its work lives.
      await beat();
    },
    async () => ports.report('checked', { ...counts, ...(await lagOf(ports.live, now)) }),
  );
};

/** Whether a beat falls into this minute: the clock remembers nothing. */
const isDue = (everyMs: number, now: Instant): boolean => epochMsOf(now) % Math.max(everyMs, MINUTE_MS) < MINUTE_MS;
const MINUTE_MS = 60_000;

export const handler = deployed(checkDeadlinesPorts, handlerOf);
