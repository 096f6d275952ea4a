import type { FirehoseTransformationResult } from 'aws-lambda';
import { readTransform, transformAnswer } from '../adapters/lambda-events/firehose-transform.ts';
import type { AcceptSettings } from '../core/draft.ts';
import type { ObjectStore } from '../core/ports.ts';
import { acceptFirehoseBatch } from './accept-firehose-batch.ts';
import { once } from './once.ts';
import { acceptSettingsFrom, storeFrom } from './ports.ts';
import { logReport, type Report } from './report.ts';

export interface AcceptEventsPorts {
  readonly store: ObjectStore;
  readonly settings: AcceptSettings;
  readonly report: Report;
}

/** Firehose's transform. */
export const acceptEvents =
  ({ store, settings, report }: AcceptEventsPorts) =>
  async (event: unknown): Promise<FirehoseTransformationResult> => {
    const request = readTransform(event);
    const { outcomes, counts, errors } = await acceptFirehoseBatch(store, settings, request.records);
    const { failed_records, ...lines } = counts;
    report('accepted', { ...lines, rejected_lines: counts.rejected, kept_by_firehose: failed_records }, errors);
    return transformAnswer(request, outcomes);
  };

export const handler = once(() =>
  acceptEvents({ store: storeFrom(process.env), settings: acceptSettingsFrom(process.env), report: logReport() }),
);
