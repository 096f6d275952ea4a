import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { deployed } from '../aws/deployed.ts';
import { recoverPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import type { WakeUps } from '../core/ports/wake-ups.ts';
import { type CarryOutPorts, carryOut } from '../flows/carry-out.ts';

/** What the handler works with. */
export type RecoverPorts = Omit<CarryOutPorts, 'wakeUps'> & {
  /** What calls the function of this ARN at a moment. */
  readonly wakeUpsOf: (functionArn: string) => WakeUps;
  readonly report: Report;
};

/** How a schedule and the command line ask for certain recoveries. Any other event asks for what is due. */
const askedSchema = z.object({
  recoveries: z.array(z.object({ environment: z.string(), process_name: z.string(), slot: z.string() })),
});

/**
 * Carries out what was decided about failed runs, whichever event called for it. What it could not do waits: the minute clock
 * calls again, so that neither Lambda has to repeat the call nor a queue to keep it.
 */
export const handlerOf =
  ({ report, wakeUpsOf, ...ports }: RecoverPorts) =>
  async (event: unknown, { invokedFunctionArn }: Pick<Context, 'invokedFunctionArn'>): Promise<void> => {
    const wakeUps = wakeUpsOf(invokedFunctionArn);
    const asked = askedSchema.safeParse(event).data?.recoveries ?? [];
    const { errors, ...counts } = await carryOut({ ...ports, wakeUps }, asked);
    report('recovered', counts, errors);
  };

export const handler = deployed(recoverPorts, handlerOf);
