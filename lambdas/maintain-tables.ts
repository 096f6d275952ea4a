import { lazyHandler } from '../aws/lazy-handler.ts';
import { notificationLogFrom, retentionFrom, storeFrom } from '../aws/ports.ts';
import { scanMeter } from '../aws/scan-meter.ts';
import { type StagePorts, stagePortsFrom } from '../aws/stage.ts';
import { type Invocation, isNearlyOver, withLease } from '../aws/with-lease.ts';
import { maintainTable, type Retention } from '../flows/maintain.ts';
import { type ReconcilePorts, reconcileObjects } from '../flows/reconcile.ts';
import { MAINTAINED } from '../sql/maintenance.ts';

export interface MaintainTablesPorts extends ReconcilePorts, StagePorts {
  readonly retention: Retention;
}

/** Once a day: takes in objects nobody told of, then forgets, rewrites and cleans up table by table. */
export const maintainTables = (ports: MaintainTablesPorts) => async (_event: unknown, invocation: Invocation) => {
  const scanned = scanMeter();
  const engine = ports.openEngine(invocation.awsRequestId, scanned);
  const now = ports.clock.now();
  const { errors, ...found } = await reconcileObjects(ports, now);
  const maintained: string[] = [];
  for (const each of MAINTAINED) {
    if (isNearlyOver(invocation)) break;
    // Steps are written by who writes runs, under one lease.
    const lease = each.table === 'pipeline_step_state' ? 'pipeline_run_state' : each.table;
    const done = await withLease(ports, lease, invocation, async () => {
      await maintainTable(engine, each, ports.retention, now);
      return true;
    });
    if (done) maintained.push(each.table);
  }
  ports.report(
    'maintained',
    { ...found, tables: MAINTAINED.length, maintained, scanned_bytes: scanned.bytes() },
    errors,
  );
};

export const handler = lazyHandler(() => {
  const { env } = process;
  return maintainTables({
    ...stagePortsFrom(env),
    ...{ store: storeFrom(env), notificationLog: notificationLogFrom(env), retention: retentionFrom(env) },
  });
});
