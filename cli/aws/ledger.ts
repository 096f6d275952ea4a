import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { assertReadOnlyElsewhere } from '../../adapters/duckdb/select-guard.ts';
import { MAX_LINE_BYTES, openLedger } from '../../aws/ledger.ts';
import { openPorts } from '../../aws/ports.ts';
import type { Io } from '../io.ts';
import type { OpenedLedger, Purpose } from '../opened-ledger.ts';
import { bytesShown, dollarsShown } from '../screen/format.ts';
import { explained } from './explain.ts';
import { type Outputs, readOutputs, settingsOf } from './outputs.ts';
import type { AwsTarget } from './target.ts';
import { watchQueries } from './watched-queries.ts';

/**
 * The ledger of a deployed stack, with the caller's own credentials: `aws/ledger.ts` with progress, costs, Ctrl-C, and
 * errors that say what to do.
 */
export async function openStackLedger(
  { stack, ...access }: AwsTarget,
  purpose: Purpose,
  io: Io,
): Promise<OpenedLedger> {
  const cloudFormation = new CloudFormationClient(access);
  const outputs = await orExplained(() => readOutputs(cloudFormation, stack));
  const watched = watchQueries(io);
  const ports = openPorts(settingsOf(outputs), access, {
    ...watched.options,
    clock: io.clock,
    assertReadOnly: assertReadOnlyElsewhere,
  });
  const say = (text: string): void => void io.stderr.write(`${text}\n`);
  // `tail` looks every other second, and at what is new.
  const liveOnly = purpose === 'follow';
  const options: Parameters<typeof openLedger>[1] = {
    liveOnly,
    environment: outputs.Environment,
    holidays: async () => (await import('../../adapters/holidays/holidays.ts')).openHolidays(io.clock.now()),
    rebuilding: {
      pause: io.pause,
      signal: watched.options.signal,
      onWaiting: (table) => say(`waiting: ${table} is being written`),
      onLost: (table) => watched.cancel(`another process has begun to write ${table}; run the rebuild again`),
    },
  };
  const ledger = openLedger(ports, options);
  const live = openLedger(ports, { ...options, liveOnly: true });
  const { alerts, recovery } = ledger;
  const told = <T>(work: () => Promise<T>): Promise<T> => orExplained(work, outputs);
  const responding = <T>(work: () => Promise<T>): Promise<T> => orExplained(work, outputs, 'ResponderPolicyArn');
  const asking = <T>(work: () => Promise<T>): Promise<T> => told(() => watched.during(work));
  const looking = liveOnly ? told : asking;
  return {
    where: `stack ${stack} in ${await cloudFormation.config.region()}`,
    maxLineBytes: MAX_LINE_BYTES,
    acceptsLater: true,
    send: (records) => told(() => ledger.send(records)),
    runs: (filter) => looking(() => ledger.runs(filter)),
    liveRuns: (filter) => told(() => live.runs(filter)),
    show: (filter) => looking(() => ledger.show(filter)),
    query: (sql, options) => asking(() => ledger.query(sql, options)),
    dismiss: (dismissal) => told(() => ledger.dismiss(dismissal)),
    parkedObjects: () => told(() => ledger.parkedObjects()),
    retryObjects: (objects) => told(() => ledger.retryObjects(objects)),
    forgetObjects: (forgetting) => told(() => ledger.forgetObjects(forgetting)),
    alerts: {
      incidents: (filter) => told(() => alerts.incidents(filter)),
      decide: (decision) => responding(() => alerts.decide(decision)),
      silences: () => told(() => alerts.silences()),
      silence: (silence) => responding(() => alerts.silence(silence)),
      endSilence: (id, who) => responding(() => alerts.endSilence(id, who)),
      expected: (from, until) => told(() => alerts.expected(from, until)),
      restoreIncidents: () => responding(() => alerts.restoreIncidents()),
      testRoute: (route) => responding(() => alerts.testRoute(route)),
      pipelines: () => told(() => alerts.pipelines()),
      applyPipelines: (text, who) => responding(() => alerts.applyPipelines(text, who)),
    },
    recovery: {
      list: (filter) => told(() => recovery.list(filter)),
      planReplay: (request) => told(() => recovery.planReplay(request)),
      replay: (request) => responding(() => recovery.replay(request)),
      start: (request) => responding(() => recovery.start(request)),
      watermark: (key) => asking(() => recovery.watermark(key)),
      setWatermark: (set) => responding(() => watched.during(() => recovery.setWatermark(set))),
      watermarkHistory: (key) => told(() => recovery.watermarkHistory(key)),
      restore: () => responding(() => recovery.restore()),
    },
    rebuild: (options) =>
      asking(async () => {
        const report = await ledger.rebuild(options);
        const { scanned_bytes, dollars } = watched.spent();
        say(`${bytesShown(scanned_bytes)} scanned, ${dollarsShown(dollars)}`);
        return report;
      }),
    close: () => ledger.close(),
  };
}

async function orExplained<T>(
  work: () => Promise<T>,
  outputs?: Outputs,
  changedBy?: Parameters<typeof explained>[2],
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, outputs, changedBy);
  }
}
