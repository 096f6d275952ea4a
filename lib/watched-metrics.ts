import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { LATE_AFTER_SECONDS } from '../core/objects/waiting.ts';
import type { AccessLog } from './access-log.ts';
import type { Alerting } from './alerting.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import type { LedgerFunction } from './function.ts';
import type { HistoryLane } from './history-lane.ts';
import type { HttpApi } from './http-api.ts';
import type { Ingest } from './ingest.ts';
import type { Lake } from './lake.ts';
import type { LiveLane } from './live-lane.ts';
import { SUM_OF_ALL } from './metric-math.ts';
import type { Recovery } from './recovery.ts';

export interface WatchedProps {
  readonly options: Deployment;
  readonly lake: Lake;
  readonly ingest: Ingest;
  readonly liveLane: LiveLane;
  readonly historyLane: HistoryLane;
  readonly alerting: Alerting;
  readonly recovery: Recovery;
  /** Where the options ask for one. */
  readonly accessLog: AccessLog | undefined;
  readonly httpApi: HttpApi | undefined;
  readonly deadLetters: DeadLetters;
}

/** What an alarm watches, and when it rings. */
export interface Watched {
  readonly metric: IMetric;
  /** It rings above this value; without one, only for want of a measurement. */
  readonly above?: number;
  /** For how many periods in a row. @default 1 */
  readonly periods?: number;
  /**
   * What it means that nothing was measured: that all is well, as with counts that are written when there is something;
   * nothing, as with levels, which are as they were; or that what measures stands still. @default 'good'
   */
  readonly unmeasured?: 'good' | 'unchanged' | 'rings';
  /** What it means and what to do. docs/operations.md explains more under the alarm's name. */
  readonly meaning: string;
}

/** By the name of the alarm, in the order of docs/operations.md. */
export function watchedMetrics(props: WatchedProps): Readonly<Record<string, Watched>> {
  const { options, lake, ingest, liveLane, historyLane, alerting, recovery, httpApi, deadLetters } = props;
  return {
    Freshness: {
      metric: ingest.metricFreshness(),
      above: options.flushSeconds + 900,
      periods: 2,
      meaning: 'events reach the bucket late; after 24 h Firehose drops them',
    },
    Throttled: {
      metric: ingest.metricThrottled(),
      above: 0,
      periods: 3,
      meaning: 'the stream is at its limit; clients keep sending again, Firehose grows slowly',
    },
    FailedRecords: {
      metric: ingest.metricFailed(),
      above: 0,
      meaning: 'the transform could not answer for records; they were accepted again from the error prefix',
    },
    Rejected: {
      metric: ingest.metricRejected(),
      above: options.rejectedPerHour,
      meaning: 'lines of the last hour could not be accepted; the view rejections shows which and why',
    },
    TrackingLag: {
      metric: liveLane.metricLag(),
      above: LATE_AFTER_SECONDS.recorded,
      meaning: 'landed objects wait to be tracked; live runs and alerts are late',
    },
    ClockStopped: {
      metric: liveLane.metricChecks(),
      unmeasured: 'rings',
      meaning: 'deadlines are not checked; neither runs over their SLA nor a lag of the ledger are noticed',
    },
    ClockFailing: {
      metric: liveLane.check.function.metricErrors({ statistic: 'Sum', period: QUARTER }),
      above: 5,
      meaning: 'checks of the deadlines fail; runs over their SLA may not be noticed',
    },
    Failing: {
      metric: errorsOfAll(props),
      above: 0,
      periods: 2,
      meaning: 'a function of the ledger fails again and again; its log says why',
    },
    CompactionLag: {
      metric: liveLane.metricCompactionLag(),
      above: Math.max(LATE_AFTER_SECONDS.tracked, twoTicks(options)),
      unmeasured: 'unchanged',
      meaning: 'objects wait too long to be compacted into pipeline_logs',
    },
    SummaryLag: {
      metric: liveLane.metricSummaryLag(),
      above: Math.max(LATE_AFTER_SECONDS.compacted, twoTicks(options)),
      unmeasured: 'unchanged',
      meaning: 'compacted objects wait too long to reach the run tables',
    },
    Parked: {
      metric: liveLane.metricParked(),
      above: 0,
      unmeasured: 'unchanged',
      meaning: 'an object could not be taken in; `runledger objects parked` names it and the reason',
    },
    Found: {
      metric: historyLane.metricFound(),
      above: 0,
      unmeasured: 'unchanged',
      meaning: 'the bucket held objects without a notification; they were taken in',
    },
    Unmaintained: {
      metric: historyLane.metricUnmaintained(),
      above: 0,
      unmeasured: 'unchanged',
      meaning: 'a table was not maintained last night; the log of MaintainTables says which and why',
    },
    Scanned: {
      metric: lake.metricScannedBytes(),
      above: lake.scanLimitBytes,
      meaning: 'the queries of one hour scanned more than one query may',
    },
    UndeliveredNotices: {
      metric: alerting.metricWaiting(),
      above: 0,
      meaning: 'a route of pipelines.yaml does not take notices; the log of Notify says which and why',
    },
    UndeliveredMail: {
      metric: alerting.metricUndelivered(alerting.mail),
      above: 0,
      meaning: 'SNS could not deliver mails; check the subscriptions',
    },
    UndeliveredChat: {
      metric: alerting.metricUndelivered(alerting.chat),
      above: 0,
      meaning: 'SNS could not deliver chat messages; check the channel and the subscriptions',
    },
    RecoveryFailing: {
      metric: recovery.metricFailures(),
      above: 0,
      periods: 2,
      meaning: 'runs are not started again as was decided; the log of Recover says why',
    },
    Untracked: {
      metric: liveLane.untracked.metricWaiting(),
      above: 0,
      meaning: 'objects could not be tracked and wait in a queue; fix the reason and redrive them',
    },
    ...(httpApi && {
      HttpFailing: {
        metric: httpApi.metricFailures(),
        above: 0,
        periods: 2,
        meaning:
          'requests over HTTP fail again and again; callers keep their events and try again; the log of ServeHttp says why',
      },
    }),
    Undone: {
      metric: deadLetters.metricWaiting(),
      above: 0,
      meaning: 'calls were given up and wait in a queue; check what was not done',
    },
  };
}

const QUARTER = Duration.minutes(15);

/** An object waits for a tick and for what that takes; with the next one missed it is late. */
const twoTicks = ({ compactEveryMinutes }: Deployment): number => 2 * compactEveryMinutes * 60;

/** Errors of every function but the clock and what starts runs, which have alarms of their own, and those of a deployment, which fails with them. At most ten metrics make one alarm. */
function errorsOfAll({ options, ingest, liveLane, historyLane, alerting, accessLog }: WatchedProps): MathExpression {
  const functions: readonly LedgerFunction[] = [
    ingest.accept,
    ingest.reaccept,
    liveLane.track,
    liveLane.slots,
    ...historyLane.writers.map(({ writer }) => writer),
    alerting.notify,
    ...(accessLog === undefined ? [] : [accessLog.record]),
  ];
  return new MathExpression({
    expression: SUM_OF_ALL,
    usingMetrics: Object.fromEntries(
      functions.map((each, index) => [`errors${index}`, each.function.metricErrors({ statistic: 'Sum' })]),
    ),
    label: 'Errors of all functions',
    // One failure is mended by the next call. Two in a row are in two windows in a row when none is shorter than from one
    // call to the next, and some minutes more, because calls are not made on the second. A day is the longest there is.
    period: Duration.minutes(Math.min(1440, Math.max(15, options.compactEveryMinutes) + 5)),
  });
}
