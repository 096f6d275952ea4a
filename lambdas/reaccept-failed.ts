import { readFailedRecords } from '../adapters/lambda-events/firehose-errors.ts';
import { readLandings } from '../adapters/lambda-events/landed-objects.ts';
import { landLines, setAside } from '../aws/land-lines.ts';
import { once } from '../aws/lazy-handler.ts';
import { acceptSettingsFrom, clock, storeFrom } from '../aws/ports.ts';
import { logReport, type Report } from '../aws/report.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { acceptRecords } from '../flows/accept.ts';

export interface ReacceptFailedPorts {
  readonly store: ObjectStore;
  readonly settings: AcceptSettings;
  readonly clock: Clock;
  readonly report: Report;
}

/**
 * Accepts what Firehose could not have transformed, straight from its envelopes: through the stream, a record that fails
 * each time would come round for ever. Doing it twice overwrites what was landed the first time.
 */
export const reacceptFailed = (ports: ReacceptFailedPorts) => async (event: unknown) => {
  // S3 calls the function itself; a queue would carry the same text.
  const landings = readLandings({ Records: [{ messageId: 's3', body: JSON.stringify(event) }] });
  for (const landing of landings) {
    if ('unreadable' in landing) throw new Error(landing.unreadable);
    for (const { key } of landing.objects) await reaccept(ports, key);
  }
};

async function reaccept({ store, settings, clock, report }: ReacceptFailedPorts, key: string): Promise<void> {
  const { records, unreadable } = readFailedRecords(await store.get(key));
  const now = clock.now();
  const batches = records.map(({ data, received_at }) => acceptRecords([data], received_at ?? now, settings));
  const arrived_at = records.map(({ received_at }) => received_at ?? now).sort()[0] ?? now;
  const arrival = { from: [key], arrived_at };
  const rejections = batches.flatMap((batch) => batch.rejections);
  const lines = batches.flatMap((batch) => batch.lines);
  await setAside(store, arrival, { rejections, oversized: batches.flatMap((batch) => batch.oversized) });
  await landLines(store, arrival, lines);
  report(
    'accepted again',
    {
      object: key,
      failed_records: records.length,
      received: lines.length + rejections.length,
      accepted: lines.length,
      rejected: rejections.length,
      rejected_lines: rejections.length,
    },
    unreadable.map(({ line, why }) => `${key}, line ${line}: ${why}`),
  );
}

export const handler = once(() =>
  reacceptFailed({
    store: storeFrom(process.env),
    settings: acceptSettingsFrom(process.env),
    clock,
    report: logReport(),
  }),
);
