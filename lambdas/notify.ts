import { readBusEvent } from '../adapters/lambda-events/bus-event.ts';
import { once } from '../aws/lazy-handler.ts';
import { CLI_COMMAND, channelsFrom, clock, notificationLogFrom } from '../aws/ports.ts';
import { logReport, type Report } from '../aws/report.ts';
import { alertSchema } from '../core/alert/alert.ts';
import { type NotifyPorts as FlowPorts, notify as tell } from '../flows/notify.ts';

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
  notify({
    channels: channelsFrom(process.env),
    notificationLog: notificationLogFrom(process.env),
    clock,
    command: CLI_COMMAND,
    report: logReport(),
  }),
);
