import { type FindLostPorts, findLost } from '../core/flows/find-lost.ts';
import { maintainTable, type Retention } from '../core/flows/maintain.ts';
import { MAINTAINED } from '../sql/maintenance.ts';
import { once } from './once.ts';
import { asOnlyWriter, type Invocation, isNearlyOver } from './only-writer.ts';
import { marksFrom, retentionFrom, storeFrom } from './ports.ts';
import { scanning } from './scanned.ts';
import { type StagePorts, stagePortsFrom } from './stage.ts';

export interface MaintainTablesPorts extends FindLostPorts, StagePorts {
  readonly retention: Retention;
}

/** Once a day: takes in objects nobody told of, then forgets, rewrites and cleans up table by table. */
export const maintainTables = (ports: MaintainTablesPorts) => async (_event: unknown, invocation: Invocation) => {
  const scanned = scanning();
  const engine = ports.openEngine(invocation.awsRequestId, scanned);
  const now = ports.clock.now();
  const { errors, ...found } = await findLost(ports, now);
  const maintained: string[] = [];
  for (const each of MAINTAINED) {
    if (isNearlyOver(invocation)) break;
    // Steps are written by who writes runs, under one lease.
    const lease = each.table === 'pipeline_step_state' ? 'pipeline_run_state' : each.table;
    const done = await asOnlyWriter(ports, lease, invocation, async () => {
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

export const handler = once(() => {
  const { env } = process;
  return maintainTables({
    ...stagePortsFrom(env),
    ...{ store: storeFrom(env), marks: marksFrom(env), retention: retentionFrom(env) },
  });
});
