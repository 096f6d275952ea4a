import type { FirehoseTransformationResult } from 'aws-lambda';
import { readTransform, transformAnswer } from '../adapters/lambda-events/firehose-transform.ts';
import { acceptFirehoseBatch } from '../aws/accept-firehose-batch.ts';
import { deployed } from '../aws/deployed.ts';
import { acceptEventsPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

/** What the handler works with. */
export interface AcceptEventsPorts {
  readonly store: ObjectStore;
  readonly settings: AcceptSettings;
  readonly report: Report;
}

/** Firehose's transform: accepts each record of a batch and answers it. Throws when the event is no such batch. */
export const handlerOf =
  ({ store, settings, report }: AcceptEventsPorts) =>
  async (event: unknown): Promise<FirehoseTransformationResult> => {
    const request = readTransform(event);
    const { outcomes, counts, errors } = await acceptFirehoseBatch(store, settings, request.records);
    const { failed_records, ...lines } = counts;
    report('accepted', { ...lines, rejected_lines: counts.rejected, kept_by_firehose: failed_records }, errors);
    return transformAnswer(request, outcomes);
  };

export const handler = deployed(acceptEventsPorts, handlerOf);
