import { readBusEvent } from '../adapters/lambda-events/bus-event.ts';
import { deployed } from '../aws/deployed.ts';
import { notifyPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import { alertSchema } from '../core/alert/alert.ts';
import { type NotifyPorts, notify } from '../flows/notify.ts';

/** Sends an alert to each channel. Throws when one failed, so that Lambda tries the event again. */
export const handlerOf = (ports: NotifyPorts & { readonly report: Report }) => async (event: unknown) => {
  const { detail: alert } = readBusEvent(event, alertSchema);
  const { errors, ...counts } = await notify(ports, alert);
  ports.report('notified', { kind: alert.kind, ...counts }, errors);
  if (errors.length > 0) throw new Error(errors.join(' '));
};

export const handler = deployed(notifyPorts, handlerOf);
