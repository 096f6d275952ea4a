import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { listRuns, showRun } from '../../flows/answer.ts';
import { listAllRuns, showAnyRun } from '../../flows/recall.ts';
import type { AwsTarget } from '../aws-place.ts';
import type { Io } from '../io.ts';
import type { OpenedLedger, Purpose } from '../ledger.ts';
import { explained } from './explain.ts';
import { type Outputs, readOutputs } from './outputs.ts';
import { openAwsPorts } from './ports.ts';
import { rebuildStack } from './rebuild.ts';
import { watchQueries } from './watched-queries.ts';

const QUERY_LIMITS = { maxRows: 100_000, timeoutMs: 30 * 60_000 };
/** What one record of the stream holds: longer lines cannot be sent. */
const MAX_LINE_BYTES = 1_000 * 1024;

/** The ledger of a deployed stack, with the caller's own credentials. */
export async function openAwsLedger({ stack, ...access }: AwsTarget, purpose: Purpose, io: Io): Promise<OpenedLedger> {
  const cloudFormation = new CloudFormationClient(access);
  const outputs = await orExplained(() => readOutputs(cloudFormation, stack));
  const watched = watchQueries(io);
  const ports = openAwsPorts(access, outputs, io, watched);
  const { live, engine, answers, sink } = ports;
  const asking = <T>(work: () => Promise<T>): Promise<T> => orExplained(() => watched.during(work), outputs);
  return {
    where: `stack ${stack} in ${await cloudFormation.config.region()}`,
    maxLineBytes: MAX_LINE_BYTES,
    acceptsLater: true,
    send: (records) => orExplained(() => sink.send(records), outputs),
    // Who follows looks every other second, and at what is new: the live store has it all.
    runs: (filter) =>
      purpose === 'follow'
        ? orExplained(() => listRuns(live, filter, io.clock.now()), outputs)
        : asking(() => listAllRuns({ live, engine }, filter, io.clock.now())),
    show: (filter) =>
      purpose === 'follow'
        ? orExplained(() => showRun(live, filter, io.clock.now()), outputs)
        : asking(() => showAnyRun({ live, engine }, filter, io.clock.now())),
    query: (sql) => asking(() => answers.answer(sql, QUERY_LIMITS)),
    rebuild: (options) => asking(() => rebuildStack(ports, options, io, watched)),
    close: async () => undefined,
  };
}

async function orExplained<T>(work: () => Promise<T>, outputs?: Outputs): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, outputs);
  }
}
