import { readFailedRecords } from '../adapters/lambda-events/firehose-errors.ts';
import { landedObjects } from '../adapters/lambda-events/landed-objects.ts';
import { deployed } from '../aws/deployed.ts';
import { reacceptFailedPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import type { Clock } from '../core/ports/clock.ts';
import { type ReacceptPorts, reacceptRecords } from '../flows/reaccept.ts';

/**
 * Accepts what Firehose could not have transformed, straight from its envelopes: through the stream, a record that fails
 * each time would come round for ever.
 */
export const handlerOf =
  (ports: ReacceptPorts & { readonly clock: Clock; readonly report: Report }) => async (event: unknown) => {
    for (const { key } of landedObjects(event)) {
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

export const handler = deployed(reacceptFailedPorts, handlerOf);
