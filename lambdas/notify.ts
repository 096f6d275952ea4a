import { deployed } from '../aws/deployed.ts';
import { notifyPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import type { PipelineWatches } from '../core/ports/pipeline-watches.ts';
import { type AlertSendingPorts, alertSending } from '../flows/alert-sending.ts';
import { sendNews, sendNotices } from '../flows/send-notices.ts';

/** What the handler works with. */
export interface NotifyPorts extends AlertSendingPorts {
  readonly watches: PipelineWatches;
  readonly report: Report;
}

const MAX_NEWS = 500;

/**
 * Sends what waits to be told, whichever event called for it. What a channel did not take is reported and waits: the
 * minute clock calls again, so that neither Lambda has to repeat the call nor a queue to keep it.
 */
export const handlerOf =
  ({ watches, report, ...ports }: NotifyPorts) =>
  async () => {
    const sending = await alertSending(ports);
    const { incidents, ...notices } = await sendNotices(sending);
    // A pipeline with news is due.
    const due = await watches.dueWatches(ports.clock.now(), MAX_NEWS);
    const withNews = due.filter((watch) => watch.news !== undefined);
    const news = await sendNews({ ...sending, watches }, withNews);
    report(
      'notified',
      {
        incidents,
        pipelines: withNews.length,
        messages: notices.messages + news.messages,
        delivered: notices.delivered + news.delivered,
        undelivered_notices: notices.failed + news.failed,
      },
      [...notices.errors, ...news.errors],
    );
  };

export const handler = deployed(notifyPorts, handlerOf);
