import * as z from 'zod';
import { deployed } from '../aws/deployed.ts';
import { notifyPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import type { Delivery } from '../core/ports/channel.ts';
import type { PipelineWatches } from '../core/ports/pipeline-watches.ts';
import { type AlertSendingPorts, alertSending } from '../flows/alert-sending.ts';
import { sendNews, sendNotices } from '../flows/send-notices.ts';
import { testRoute } from '../flows/test-route.ts';

/** What the handler works with. */
export interface NotifyPorts extends AlertSendingPorts {
  readonly watches: PipelineWatches;
  readonly environment: string;
  readonly report: Report;
}

const MAX_NEWS = 500;

/** How the command line asks for a message to try a route. Any other event asks for what waits. */
const testSchema = z.object({ test_route: z.string() });

/**
 * Sends what waits to be told, whichever event called for it. What a channel did not take is reported and waits: the
 * minute clock calls again, so that neither Lambda has to repeat the call nor a queue to keep it.
 */
export const handlerOf =
  ({ watches, report, ...ports }: NotifyPorts) =>
  async (event: unknown): Promise<Delivery | undefined> => {
    const test = testSchema.safeParse(event);
    if (test.success) return testRoute(ports, test.data.test_route, ports.clock.now());
    const sending = await alertSending(ports);
    const { incidents, ...notices } = await sendNotices(sending);
    // A pipeline with news is due.
    const due = await watches.dueWatches(ports.clock.now(), MAX_NEWS);
    const withNews = due.filter((watch) => watch.news !== undefined);
    const news = await sendNews({ ...sending, watches }, withNews);
    const counts = {
      ...{ incidents, pipelines: withNews.length, messages: notices.messages + news.messages },
      ...{ delivered: notices.delivered + news.delivered, undelivered_notices: notices.failed + news.failed },
    };
    report('notified', counts, [...notices.errors, ...news.errors]);
    return undefined;
  };

export const handler = deployed(notifyPorts, handlerOf);
