import { lazyHandler } from '../aws/lazy-handler.ts';
import { busFrom, clock, liveFrom, notificationLogFrom } from '../aws/ports.ts';
import { logReport, type Report } from '../aws/report.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { checkDeadlines } from '../flows/check-deadlines.ts';
import type { EvaluatePorts } from '../flows/evaluate.ts';

/** What the handler works with. */
export interface CheckDeadlinesPorts extends EvaluatePorts {
  readonly live: LiveStore;
  readonly clock: Clock;
  readonly report: Report;
}

/** Checks the runs whose deadlines have passed, every minute. */
export const handlerOf = (ports: CheckDeadlinesPorts) => async () => {
  ports.report('checked', { ...(await checkDeadlines(ports.live, ports.clock.now(), ports)) });
};

export const handler = lazyHandler(() => {
  const { env } = process;
  return handlerOf({
    live: liveFrom(env),
    bus: busFrom(env),
    notificationLog: notificationLogFrom(env),
    clock,
    report: logReport(),
  });
});
