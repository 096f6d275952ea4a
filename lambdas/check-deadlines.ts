import { lazyHandler } from '../aws/lazy-handler.ts';
import { busFrom, clock, liveFrom, notificationLogFrom } from '../aws/ports.ts';
import { logReport, type Report } from '../aws/report.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { checkDeadlines as check } from '../flows/check-deadlines.ts';
import type { EvaluatePorts } from '../flows/evaluate.ts';

export interface CheckDeadlinesPorts extends EvaluatePorts {
  readonly live: LiveStore;
  readonly clock: Clock;
  readonly report: Report;
}

/** Looks at open runs by the clock, every minute. */
export const checkDeadlines = (ports: CheckDeadlinesPorts) => async () => {
  ports.report('checked', { ...(await check(ports.live, ports.clock.now(), ports)) });
};

export const handler = lazyHandler(() => {
  const { env } = process;
  return checkDeadlines({
    ...{ live: liveFrom(env), bus: busFrom(env), notificationLog: notificationLogFrom(env) },
    ...{ clock, report: logReport() },
  });
});
