import type { SQSBatchResponse } from 'aws-lambda';
import { deployed } from '../aws/deployed.ts';
import { trackRunsPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import { type Batch, type TrackMessagesPorts, trackMessages } from '../aws/track-messages.ts';

/** Tracks the landed objects of a batch of messages. A message that fails stays in the queue. */
export const handlerOf =
  (ports: TrackMessagesPorts & { readonly report: Report }) =>
  async (batch: Batch): Promise<SQSBatchResponse> => {
    const { answer, counts, errors } = await trackMessages(ports, batch);
    ports.report('tracked', counts, errors);
    return answer;
  };

export const handler = deployed(trackRunsPorts, handlerOf);
