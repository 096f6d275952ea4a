import type { AnnouncePorts } from '../core/flows/announce.ts';
import { checkDeadlines as check } from '../core/flows/check-deadlines.ts';
import type { Clock, LiveStore } from '../core/ports.ts';
import { once } from './once.ts';
import { busFrom, clock, liveFrom, marksFrom } from './ports.ts';
import { logReport, type Report } from './report.ts';

export interface CheckDeadlinesPorts extends AnnouncePorts {
  readonly live: LiveStore;
  readonly clock: Clock;
  readonly report: Report;
}

/** Looks at open runs by the clock, every minute. */
export const checkDeadlines = (ports: CheckDeadlinesPorts) => async () => {
  ports.report('checked', { ...(await check(ports.live, ports.clock.now(), ports)) });
};

export const handler = once(() => {
  const { env } = process;
  return checkDeadlines({
    ...{ live: liveFrom(env), bus: busFrom(env), marks: marksFrom(env) },
    ...{ clock, report: logReport() },
  });
});
