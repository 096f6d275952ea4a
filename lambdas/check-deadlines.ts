import { deployed } from '../aws/deployed.ts';
import { checkDeadlinesPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import { withCleanup } from '../aws/with-cleanup.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { type Checked, checkDeadlines } from '../flows/check-deadlines.ts';
import type { EvaluatePorts } from '../flows/evaluate.ts';
import { lagOf } from '../flows/lag.ts';

/** What the handler works with. */
export interface CheckDeadlinesPorts extends EvaluatePorts {
  readonly live: LiveStore;
  readonly clock: Clock;
  readonly report: Report;
}

/**
 * Checks the runs whose deadlines have passed, every minute, and measures what the history lane is behind: that needs
 * neither its functions nor its engine, so that it is known too when they stand still.
 */
export const handlerOf = (ports: CheckDeadlinesPorts) => async () => {
  const now = ports.clock.now();
  let checked: Checked | undefined;
  await withCleanup(
    async () => {
      checked = await checkDeadlines(ports.live, now, ports);
    },
    async () => ports.report('checked', { ...checked, ...(await lagOf(ports.live, now)) }),
  );
};

export const handler = deployed(checkDeadlinesPorts, handlerOf);
