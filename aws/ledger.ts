import { contentHash } from '../adapters/content-hash.ts';
import { errorMessage } from '../core/error-message.ts';
import { maskOf } from '../core/mask/mask.ts';
import { ANSWER_LIMITS } from '../core/ports/answer-engine.ts';
import type { Holidays } from '../core/ports/holidays.ts';
import { alertsOf } from '../flows/alerts.ts';
import { listRuns, showRun } from '../flows/answer.ts';
import { appliedPipelines, expectationsIn } from '../flows/applied-pipelines.ts';
import { dismissRejections } from '../flows/dismiss.ts';
import { forgetObjects } from '../flows/forget.ts';
import { listAllRuns, showAnyRun } from '../flows/recall.ts';
import { recoveryOf } from '../flows/recovery.ts';
import { parkedObjects, retryObjects } from '../flows/retry-objects.ts';
import type { LedgerApi } from '../ledger/api.ts';
import type { AwsPorts } from './ports.ts';
import { type RebuildPorts, rebuild } from './rebuild.ts';
import { AWS_RESTART_KINDS } from './restart-kinds.ts';

/** What one record of the stream holds, in bytes: a longer line cannot be sent. */
export const MAX_LINE_BYTES = 1_000 * 1024;

const QUERY_LIMITS = { ...ANSWER_LIMITS, timeoutMs: 30 * 60_000 };

export interface LedgerOptions {
  /**
   * Answer `runs` and `show` from the live store alone, which knows every open run and what changed last, and costs no
   * query. Default false: runs that only the lake still has are found too.
   */
  readonly liveOnly?: boolean;
  /** Of pipelines for which the file names none. */
  readonly environment: string;
  /** Loaded when a file of pipelines is applied: they are megabytes. */
  readonly holidays: () => Promise<Holidays>;
  /** How a rebuild waits for the other writers, and whom it tells of them. */
  readonly rebuilding: Omit<RebuildPorts, keyof AwsPorts>;
}

/** The ledger of an AWS account, over its ports. Read it beside `local/ledger.ts`. Errors of AWS come as they are. */
export function openLedger(
  ports: AwsPorts,
  { liveOnly = false, environment, holidays, rebuilding }: LedgerOptions,
): LedgerApi {
  const { live, engine, answers, sink, store, clock } = ports;
  return {
    send: (records) => sink.send(records),
    runs: (filter) =>
      liveOnly ? listRuns(live, filter, clock.now()) : listAllRuns({ live, engine }, filter, clock.now()),
    show: (filter) =>
      liveOnly ? showRun(live, filter, clock.now()) : showAnyRun({ live, engine }, filter, clock.now()),
    query: (sql, { timeoutMs = QUERY_LIMITS.timeoutMs } = {}) => answers.answer(sql, { ...QUERY_LIMITS, timeoutMs }),
    dismiss: (dismissal) => dismissRejections({ store, clock, mask: maskOf() }, dismissal),
    parkedObjects: () => parkedObjects(live),
    retryObjects: (objects) => retryObjects({ store, live }, objects),
    forgetObjects: (forgetting) => forgetObjects({ store, live, clock, mask: maskOf(), hash: contentHash }, forgetting),
    rebuild: (options) => rebuild({ ...ports, ...rebuilding }, options),
    alerts: alertsOf({ ...ports, environment, holidays, hash: contentHash, restartKinds: AWS_RESTART_KINDS }),
    recovery: recoveryOf({
      ...ports,
      hash: contentHash,
      expecting: async () => ({ expectations: expectationsIn(await appliedPipelines(store)) }),
      start: async (key) => {
        const recovery = { environment: key.environment, process_name: key.process_name, slot: key.slot };
        await ports.carryOut([recovery]).catch((cause: unknown) => {
          throw new Error(
            `${errorMessage(cause)} What was asked for is written down, and started within a minute once that works.`,
            { cause },
          );
        });
      },
      ask: (sql) => answers.answer(sql, QUERY_LIMITS),
    }),
    close: () => live.close(),
  };
}
