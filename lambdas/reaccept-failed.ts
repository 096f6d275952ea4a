import { readFailedRecords } from '../adapters/lambda-events/firehose-errors.ts';
import { readLandings } from '../adapters/lambda-events/landed-objects.ts';
import { lazyHandler } from '../aws/lazy-handler.ts';
import { acceptSettingsFrom, clock, storeFrom } from '../aws/ports.ts';
import { logReport, type Report } from '../aws/report.ts';
import type { Clock } from '../core/ports/clock.ts';
import { type ReacceptPorts, reacceptRecords } from '../flows/reaccept.ts';

/**
 * Accepts what Firehose could not have transformed, straight from its envelopes: through the stream, a record that fails
 * each time would come round for ever.
 */
export const handlerOf =
  (ports: ReacceptPorts & { readonly clock: Clock; readonly report: Report }) => async (event: unknown) => {
    // S3 calls the function itself; a queue would carry the same text.
    const [landing] = readLandings({ Records: [{ messageId: 's3', body: JSON.stringify(event) }] });
    if (landing === undefined || 'unreadable' in landing) throw new Error(landing?.unreadable);
    for (const { key } of landing.objects) {
      const { records, unreadable } = readFailedRecords(await ports.store.get(key));
      const now = ports.clock.now();
      const arrived = records.map(({ data, received_at = now }) => ({ data, received_at }));
      const counts = await reacceptRecords(ports, key, arrived);
      ports.report(
        'accepted again',
        { object: key, failed_records: records.length, ...counts, rejected_lines: counts.rejected },
        unreadable.map(({ line, why }) => `${key}, line ${line}: ${why}`),
      );
    }
  };

export const handler = lazyHandler(async () => {
  const { env } = process;
  const store = storeFrom(env);
  return handlerOf({ store, settings: await acceptSettingsFrom(env, store), clock, report: logReport() });
});
