import { type Alert, alertKeyOf } from '../core/alert/alert.ts';
import { noticeOf } from '../core/alert/notice.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';

/** Where notices are sent, and what is known of those that were. */
export interface NotifyPorts {
  /** One for each channel, by its name. */
  readonly channels: Readonly<Record<string, Channel>>;
  readonly notificationLog: NotificationLog;
  readonly clock: Clock;
  /** How the reader of a notice calls the CLI for this ledger: see `noticeOf`. */
  readonly command: string;
}

/** What became of an alert: channels = delivered + deduplicated + failed. */
export interface NotifyResult {
  readonly channels: number;
  readonly delivered: number;
  /** Channels that had it already, or that another invocation is sending to. */
  readonly deduplicated: number;
  readonly failed: number;
  /** Why channels failed. */
  readonly errors: readonly string[];
}

/** Less than Lambda waits before it retries an event, so that the claim of the failed try has expired. */
const CLAIM_MS = 45_000;

/** Sends an alert to each channel once. Call it again when one failed: the others do not get it twice. */
export async function notify(
  { channels, notificationLog, clock, command }: NotifyPorts,
  alert: Alert,
): Promise<NotifyResult> {
  const notice = noticeOf(alert, command);
  const errors: string[] = [];
  const counts = { delivered: 0, deduplicated: 0, failed: 0 };
  for (const [channel, notifier] of Object.entries(channels)) {
    const key = `sent ${channel} ${alertKeyOf(alert)}`;
    if (!(await notificationLog.claim(key, clock.now(), CLAIM_MS))) {
      counts.deduplicated += 1;
      continue;
    }
    const delivery = await notifier.send(notice);
    counts[delivery.delivered ? 'delivered' : 'failed'] += 1;
    if (delivery.delivered) await notificationLog.record(key, clock.now());
    else errors.push(delivery.why);
  }
  return { channels: Object.keys(channels).length, ...counts, errors };
}
