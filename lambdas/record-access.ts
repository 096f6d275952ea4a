import { readAthenaCall } from '../adapters/lambda-events/athena-call.ts';
import { deployed } from '../aws/deployed.ts';
import { recordAccessPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import { type RecordAccessPorts, recordAccess } from '../flows/record-access.ts';

/** What the handler works with. */
export interface Ports extends RecordAccessPorts {
  /** The SQL of an execution, where the event does not have it. */
  readonly questionOf: (executionId: string) => Promise<string | null>;
  readonly report: Report;
}

/** Records who asked Athena what. */
export const handlerOf = (ports: Ports) => async (event: unknown) => {
  const { event_id, called_at, execution_id, ...call } = readAthenaCall(event);
  const asked = call.question ?? (execution_id === null ? null : await ports.questionOf(execution_id));
  await recordAccess(ports, { ...call, access_key: event_id, asked_at: called_at, via: 'athena', question: asked });
  ports.report('recorded', { questions: 1 });
};

export const handler = deployed(recordAccessPorts, handlerOf);
