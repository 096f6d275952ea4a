import * as z from 'zod';
import { expected } from '../adapters/lambda-events/expected.ts';
import { deployed } from '../aws/deployed.ts';
import { sendReportPorts } from '../aws/function-ports.ts';
import type { Report } from '../aws/report.ts';
import { scanMeter } from '../aws/scan-meter.ts';
import type { AnswerEngine } from '../core/ports/answer-engine.ts';
import { type SendReportPorts as FlowPorts, sendReport } from '../flows/send-report.ts';
import { questionText } from '../sql/questions.ts';

/** What the handler works with. */
export interface SendReportPorts extends Omit<FlowPorts, 'ask' | 'send'> {
  readonly openAnswers: (tryName: string, scanned: ReturnType<typeof scanMeter>) => Pick<AnswerEngine, 'answer'>;
  readonly publish: (topic: string, subject: string, text: string) => Promise<void>;
  readonly report: Report;
}

/** What the schedule passes. */
const wantedSchema = z.object({
  period: z.enum(['day', 'week']),
  owner: z.string(),
  environment: z.string(),
  topic: z.string().startsWith('arn:'),
});

/** A mail shows no more of a part. */
const LIMITS = { maxRows: 500, maxLength: 1_000_000, timeoutMs: 4 * 60_000 };

/** By schedule: makes one report, keeps it, and sends it to its topic. */
export const handlerOf =
  ({ openAnswers, publish, report, ...ports }: SendReportPorts) =>
  async (event: unknown, { awsRequestId }: { readonly awsRequestId: string }) => {
    const { topic, ...wanted } = expected(wantedSchema, 'a report that a schedule wants', event);
    const scanned = scanMeter();
    const answers = openAnswers(awsRequestId, scanned);
    const sent = await sendReport(
      {
        ...ports,
        ask: (name, given) => answers.answer(questionText(name, given, ports.clock.now()), LIMITS),
        send: (subject, text) => publish(topic, subject, text),
      },
      wanted,
    );
    report('sent a report', { ...wanted, ...sent, scanned_bytes: scanned.bytes() });
  };

export const handler = deployed(sendReportPorts, handlerOf);
