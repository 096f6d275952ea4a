import type { SQSBatchResponse } from 'aws-lambda';
import { readLandings, unfinished } from '../adapters/lambda-events/landed-objects.ts';
import { lazyHandler } from '../aws/lazy-handler.ts';
import { busFrom, clock, liveFrom, notificationLogFrom, storeFrom } from '../aws/ports.ts';
import { logReport, type Report } from '../aws/report.ts';
import { type TrackMessagesPorts, trackMessages } from '../aws/track-messages.ts';

/** Tracks the landed objects of a batch of messages. A message that fails stays in the queue. */
export const handlerOf =
  (ports: TrackMessagesPorts & { readonly report: Report }) =>
  async (event: unknown): Promise<SQSBatchResponse> => {
    const { failed, counts, errors } = await trackMessages(ports, readLandings(event));
    ports.report('tracked', counts, errors);
    return unfinished(failed);
  };

export const handler = lazyHandler(() => {
  const { env } = process;
  return handlerOf({
    store: storeFrom(env),
    live: liveFrom(env),
    bus: busFrom(env),
    notificationLog: notificationLogFrom(env),
    clock,
    report: logReport(),
  });
});
