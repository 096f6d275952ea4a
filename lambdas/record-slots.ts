import { deployed } from '../aws/deployed.ts';
import { recordSlotsPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { appliedPipelines, expectationsIn } from '../flows/applied-pipelines.ts';
import type { ExpectedPorts } from '../flows/expected.ts';
import { recordSlots } from '../flows/record-slots.ts';

/** What the handler works with. */
export interface RecordSlotsPorts extends Omit<ExpectedPorts, 'expectations'> {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly report: Report;
}

/** Once an hour: writes the slots of yesterday and today, and what became of them, to where the view `expectations` reads them. */
export const handlerOf = (ports: RecordSlotsPorts) => async () => {
  const expectations = expectationsIn(await appliedPipelines(ports.store));
  ports.report('recorded', { slots: await recordSlots({ ...ports, expectations }, ports.clock.now()) });
};

export const handler = deployed(recordSlotsPorts, handlerOf);
