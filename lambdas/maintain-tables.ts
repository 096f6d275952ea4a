import { attempted } from '../aws/attempted.ts';
import { deployed } from '../aws/deployed.ts';
import { maintainTablesPorts } from '../aws/function-ports.ts';
import { maintainAll } from '../aws/maintain-all.ts';
import { scanMeter } from '../aws/scan-meter.ts';
import type { StagePorts } from '../aws/stage.ts';
import { withCleanup } from '../aws/with-cleanup.ts';
import { type Invocation, isNearlyOver } from '../aws/with-lease.ts';
import type { Retention } from '../flows/maintain.ts';
import { type Found, type ReconcilePorts, reconcileObjects } from '../flows/reconcile.ts';
import { noteLastChange } from '../flows/record-changes.ts';
import { type SealPorts, sealDays } from '../flows/seal-days.ts';

/** What the handler works with. */
export type MaintainTablesPorts = ReconcilePorts & StagePorts & SealPorts & { readonly retention: Retention };

/**
 * Once a day: takes in objects that no notification told of, then expires, rewrites and cleans up table by table,
 * and seals the days that are closed. What
 * cannot be done does not hold up the rest.
 */
export const handlerOf = (ports: MaintainTablesPorts) => async (_event: unknown, invocation: Invocation) => {
  const scanned = scanMeter();
  const engine = ports.openEngine(invocation.awsRequestId, invocation, scanned);
  const now = ports.clock.now();
  let found: Found | undefined;
  await withCleanup(
    async () => {
      found = await reconcileObjects(ports, now);
    },
    async () => {
      const noted = await attempted(noteLastChange({ ...ports, engine }));
      const { errors, ...maintained } = await maintainAll(ports, engine, invocation, now);
      const { errors: untaken = [], ...taken } = found ?? {};
      const sealing = await attempted(sealDays(ports, () => isNearlyOver(invocation)));
      const {
        days: { length: sealed_days },
        objects: sealed_objects,
      } = sealing.result ?? { days: [], objects: 0 };
      const counts = { sealed_days, sealed_objects, scanned_bytes: scanned.bytes() };
      const all = [...untaken, ...noted.errors, ...errors, ...sealing.errors];
      ports.report('maintained', { ...taken, ...maintained, ...counts }, all);
    },
  );
};

export const handler = deployed(maintainTablesPorts, handlerOf);
