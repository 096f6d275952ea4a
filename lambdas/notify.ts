import { readBusEvent } from '../adapters/lambda-events/scheduled.ts';
import { alertSchema } from '../core/alert.ts';
import { type NotifyPorts as FlowPorts, notify as tell } from '../core/flows/notify.ts';
import { once } from './once.ts';
import { clock, marksFrom, notifiersFrom } from './ports.ts';
import { logReport, type Report } from './report.ts';

export interface NotifyPorts extends FlowPorts {
  readonly report: Report;
}

/** Tells each channel of an alert. When one fails Lambda tries the event again. */
export const notify = (ports: NotifyPorts) => async (event: unknown) => {
  const { detail: alert } = readBusEvent(event, alertSchema);
  const { errors, ...counts } = await tell(ports, alert);
  ports.report('notified', { kind: alert.kind, ...counts }, errors);
  if (errors.length > 0) throw new Error(errors.join(' '));
};

export const handler = once(() =>
  notify({ notifiers: notifiersFrom(process.env), marks: marksFrom(process.env), clock, report: logReport() }),
);
