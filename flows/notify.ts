import { type Alert, markOf } from '../core/alert/alert.ts';
import { noticeOf } from '../core/alert/notice.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';

export interface NotifyPorts {
  /** One for each channel, by its name. */
  readonly channels: Readonly<Record<string, Channel>>;
  readonly marks: NotificationLog;
  readonly clock: Clock;
}

/** channels = told + deduplicated + failed. */
export interface Told {
  readonly channels: number;
  readonly told: number;
  readonly deduplicated: number;
  readonly failed: number;
  /** Why channels failed. */
  readonly errors: readonly string[];
}

/** Less than Lambda waits before it tries an event again: whoever held the claim is gone by then. */
const CLAIM_MS = 45_000;

/** Tells each channel of an alert once. Ask again when one failed: the others do not hear it twice. */
export async function notify({ channels, marks, clock }: NotifyPorts, alert: Alert): Promise<Told> {
  const notice = noticeOf(alert);
  const errors: string[] = [];
  const counts = { told: 0, deduplicated: 0, failed: 0 };
  for (const [channel, notifier] of Object.entries(channels)) {
    const mark = `told ${channel} ${markOf(alert)}`;
    if (!(await marks.claim(mark, clock.now(), CLAIM_MS))) {
      counts.deduplicated += 1;
      continue;
    }
    const failures = (await notifier.notify(notice)).flatMap((each) => (each.delivered ? [] : each.why));
    errors.push(...failures);
    counts[failures.length > 0 ? 'failed' : 'told'] += 1;
    if (failures.length === 0) await marks.set(mark, clock.now());
  }
  return { channels: Object.keys(channels).length, ...counts, errors };
}
