import { deployed } from '../aws/deployed.ts';
import { maintainTablesPorts } from '../aws/function-ports.ts';
import { scanMeter } from '../aws/scan-meter.ts';
import type { StagePorts } from '../aws/stage.ts';
import { type Invocation, isNearlyOver, withLease } from '../aws/with-lease.ts';
import { writerOf } from '../core/table-writers.ts';
import { maintainTable, type Retention } from '../flows/maintain.ts';
import { type ReconcilePorts, reconcileObjects } from '../flows/reconcile.ts';
import { MAINTAINED } from '../sql/maintenance.ts';

/** What the handler works with. */
export type MaintainTablesPorts = ReconcilePorts & StagePorts & { readonly retention: Retention };

/** Once a day: takes in objects that no notification told of, then expires, rewrites and cleans up table by table. */
export const handlerOf = (ports: MaintainTablesPorts) => async (_event: unknown, invocation: Invocation) => {
  const scanned = scanMeter();
  const engine = ports.openEngine(invocation.awsRequestId, invocation, scanned);
  const now = ports.clock.now();
  const { errors, ...found } = await reconcileObjects(ports, now);
  const maintained: string[] = [];
  for (const each of MAINTAINED) {
    if (isNearlyOver(invocation)) break;
    await withLease(ports, writerOf(each.table), invocation, async () => {
      await maintainTable(engine, each, ports.retention, now);
      maintained.push(each.table);
    });
  }
  const counts = { ...found, tables: MAINTAINED.length, maintained, scanned_bytes: scanned.bytes() };
  ports.report('maintained', counts, errors);
};

export const handler = deployed(maintainTablesPorts, handlerOf);
