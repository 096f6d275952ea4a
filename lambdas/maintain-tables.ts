import { deployed } from '../aws/deployed.ts';
import { maintainTablesPorts } from '../aws/function-ports.ts';
import { maintainAll } from '../aws/maintain-all.ts';
import { scanMeter } from '../aws/scan-meter.ts';
import type { StagePorts } from '../aws/stage.ts';
import { withCleanup } from '../aws/with-cleanup.ts';
import type { Invocation } from '../aws/with-lease.ts';
import type { Retention } from '../flows/maintain.ts';
import { type Found, type ReconcilePorts, reconcileObjects } from '../flows/reconcile.ts';
import { noteLastChange } from '../flows/record-changes.ts';

/** What the handler works with. */
export type MaintainTablesPorts = ReconcilePorts & StagePorts & { readonly retention: Retention };

/**
 * Once a day: takes in objects that no notification told of, then expires, rewrites and cleans up table by table. What
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
      const unnoted = await noteLastChange({ ...ports, engine }).then(
        () => [],
        (error: unknown) => [error],
      );
      const { errors, ...maintained } = await maintainAll(ports, engine, invocation, now);
      const { errors: untaken = [], ...taken } = found ?? {};
      ports.report('maintained', { ...taken, ...maintained, scanned_bytes: scanned.bytes() }, [
        ...untaken,
        ...unnoted,
        ...errors,
      ]);
    },
  );
};

export const handler = deployed(maintainTablesPorts, handlerOf);
