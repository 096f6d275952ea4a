import { deployed } from '../aws/deployed.ts';
import { checkDeadlinesPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
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

export const handler = deployed(checkDeadlinesPorts, handlerOf);
