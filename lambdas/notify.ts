import { deployed } from '../aws/deployed.ts';
import { notifyPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import { type AlertSendingPorts, alertSending } from '../flows/alert-sending.ts';
import { sendNotices } from '../flows/send-notices.ts';

/**
 * Sends what waits to be told, whichever event called for it. What a channel did not take is reported and waits: the
 * minute clock calls again, so that neither Lambda has to repeat the call nor a queue to keep it.
 */
export const handlerOf = (ports: AlertSendingPorts & { readonly report: Report }) => async () => {
  const { errors, failed, ...counts } = await sendNotices(await alertSending(ports));
  ports.report('notified', { ...counts, undelivered_notices: failed }, errors);
};

export const handler = deployed(notifyPorts, handlerOf);
