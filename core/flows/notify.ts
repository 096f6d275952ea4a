import { type Alert, markOf } from '../alert.ts';
import { noticeOf } from '../notice.ts';
import type { Clock, Marks, Notifier } from '../ports.ts';

export interface NotifyPorts {
  /** One for each channel, by its name. */
  readonly notifiers: Readonly<Record<string, Notifier>>;
  readonly marks: Marks;
  readonly clock: Clock;
}

/** channels = told + told_before + failed. */
export interface Told {
  readonly channels: number;
  readonly told: number;
  readonly told_before: number;
  readonly failed: number;
  /** Why channels failed. */
  readonly errors: readonly string[];
}

/** Less than Lambda waits before it tries an event again: whoever held the claim is gone by then. */
const CLAIM_MS = 45_000;

/** Tells each channel of an alert once. Ask again when one failed: the others do not hear it twice. */
export async function notify({ notifiers, marks, clock }: NotifyPorts, alert: Alert): Promise<Told> {
  const notice = noticeOf(alert);
  const errors: string[] = [];
  const counts = { told: 0, told_before: 0, failed: 0 };
  for (const [channel, notifier] of Object.entries(notifiers)) {
    const mark = `told ${channel} ${markOf(alert)}`;
    if (!(await marks.claim(mark, clock.now(), CLAIM_MS))) {
      counts.told_before += 1;
      continue;
    }
    const failures = (await notifier.notify(notice)).flatMap((each) => (each.delivered ? [] : each.why));
    errors.push(...failures);
    counts[failures.length > 0 ? 'failed' : 'told'] += 1;
    if (failures.length === 0) await marks.set(mark, clock.now());
  }
  return { channels: Object.keys(notifiers).length, ...counts, errors };
}
