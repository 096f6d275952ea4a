import { readBusEvent } from '../adapters/lambda-events/scheduled.ts';
import type { Notifier } from '../adapters/sns/notice.ts';
import type { Clock } from '../core/ports.ts';
import { alertSchema, markOf } from './alert.ts';
import type { Marks } from './marks.ts';
import { noticeOf } from './notice-of.ts';
import { once } from './once.ts';
import { clock, marksFrom, notifiersFrom } from './ports.ts';
import { logReport, type Report } from './report.ts';

export interface NotifyPorts {
  readonly notifiers: Readonly<Record<string, Notifier>>;
  readonly marks: Marks;
  readonly clock: Clock;
  readonly report: Report;
}

/** Less than Lambda waits before it tries an event again: whoever held the claim is gone by then. */
const CLAIM_MS = 45_000;

/** Tells each channel of an alert once. A channel that fails is tried again, without the others hearing it twice. */
export const notify = (ports: NotifyPorts) => async (event: unknown) => {
  const { detail: alert } = readBusEvent(event, alertSchema);
  const errors: string[] = [];
  const counts = { told: 0, told_before: 0, failed: 0 };
  for (const [channel, notifier] of Object.entries(ports.notifiers)) {
    const mark = `told ${channel} ${markOf(alert)}`;
    if (!(await ports.marks.claim(mark, ports.clock.now(), CLAIM_MS))) {
      counts.told_before += 1;
      continue;
    }
    const failures = (await notifier.notify(noticeOf(alert))).flatMap((each) => (each.delivered ? [] : each.why));
    errors.push(...failures);
    counts[failures.length > 0 ? 'failed' : 'told'] += 1;
    if (failures.length === 0) await ports.marks.set(mark, ports.clock.now());
  }
  ports.report('notified', { kind: alert.kind, channels: Object.keys(ports.notifiers).length, ...counts }, errors);
  if (errors.length > 0) throw new Error(errors.join(' '));
};

export const handler = once(() =>
  notify({ notifiers: notifiersFrom(process.env), marks: marksFrom(process.env), clock, report: logReport() }),
);
