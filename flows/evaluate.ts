import { alertKeyOf, alertOf } from '../core/alert/alert.ts';
import type { Instant } from '../core/instant.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import type { Run } from '../core/run/run.ts';
import { viewOf } from '../core/run/run-view.ts';

/** Where alerts are published, and the log that keeps each from being published twice. */
export interface EvaluatePorts {
  readonly bus: Bus;
  readonly notificationLog: NotificationLog;
}

/**
 * Publishes what is wrong with runs on the bus, once each, and returns how many alerts that were. An alert is recorded
 * after it is published: when recording fails, it is published again rather than lost, and notify, which has log entries
 * of its own, sends it once all the same.
 */
export async function evaluateRuns(
  { bus, notificationLog }: EvaluatePorts,
  runs: Iterable<Run>,
  now: Instant,
): Promise<number> {
  let published = 0;
  for (const run of runs) {
    const alert = alertOf(viewOf(run).run, now);
    if (alert === undefined) continue;
    const key = `published ${alertKeyOf(alert)}`;
    if (await notificationLog.has(key)) continue;
    await bus.publish([{ type: alert.kind === 'failed' ? 'Run Failed' : 'Run Late', detail: alert }]);
    await notificationLog.record(key, now);
    published += 1;
  }
  return published;
}
