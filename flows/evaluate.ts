import { alertOf, markOf } from '../core/alert/alert.ts';
import type { Instant } from '../core/instant.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import type { Run } from '../core/run/run.ts';
import { viewOf } from '../core/run/run-view.ts';

export interface EvaluatePorts {
  readonly bus: Bus;
  readonly marks: NotificationLog;
}

/**
 * Says on the bus what is wrong with runs, unless it was said before. The mark follows the word: when it cannot be set,
 * the word is said again rather than lost, and whoever tells people has a mark of its own.
 */
export async function announce({ bus, marks }: EvaluatePorts, runs: Iterable<Run>, now: Instant): Promise<number> {
  let said = 0;
  for (const run of runs) {
    const alert = alertOf(viewOf(run).run, now);
    if (alert === undefined) continue;
    const mark = `said ${markOf(alert)}`;
    if (await marks.isSet(mark)) continue;
    await bus.say([{ word: alert.kind === 'failed' ? 'Run Failed' : 'Run Late', detail: alert }]);
    await marks.set(mark, now);
    said += 1;
  }
  return said;
}
