import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { TABLES } from '../core/schema/columns.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction, type LedgerFunctionProps } from './function.ts';
import type { Ingest } from './ingest.ts';
import { engineEnvironment, type Lake, type TableName } from './lake.ts';
import type { LedgerBus } from './ledger-bus.ts';
import { type LiveStore, liveEnvironment } from './live-store.ts';
import type { Migrations } from './migrations.ts';

export interface HistoryLaneProps {
  readonly options: Deployment;
  readonly lake: Lake;
  readonly live: LiveStore;
  readonly bus: LedgerBus;
  readonly ingest: Ingest;
  readonly migrations: Migrations;
  readonly deadLetters: DeadLetters;
}

/** How often the tables are maintained. */
const A_DAY = Duration.days(1);

/** Memory of the functions that read whole landed objects; the others only wait for Athena. */
const READS_OBJECTS_MB = 1024;

/** The lane of minutes: compact, summarize and aggregate, each with its own progress, and the maintenance of the tables. */
export class HistoryLane extends Construct {
  readonly compact: LedgerFunction;
  readonly summarize: LedgerFunction;
  readonly aggregate: LedgerFunction;
  readonly maintain: LedgerFunction;
  /** Which function changes which tables. */
  readonly writers: readonly { readonly writer: LedgerFunction; readonly tables: readonly TableName[] }[];

  constructor(scope: Construct, id: string, props: HistoryLaneProps) {
    super(scope, id);
    const { options, lake, live, bus, ingest, migrations, deadLetters } = props;
    const environment = {
      ...engineEnvironment(lake),
      ...liveEnvironment(live, options),
      LEDGER_BUS: bus.bus.eventBusName,
    };
    const stage = (
      name: string,
      rest: Pick<LedgerFunctionProps, 'handler' | 'description' | 'environment' | 'memoryMb'>,
    ) =>
      new LedgerFunction(this, name, {
        ...functionDefaults(options),
        ...rest,
        environment: { ...environment, ...rest.environment },
        // A tick stops by itself some minutes earlier, and the next one continues from its progress.
        timeout: Duration.minutes(15),
      });
    this.compact = stage('CompactEvents', {
      handler: 'compact-events',
      description: 'Compacts tracked objects into pipeline_logs',
      environment: { LEDGER_STREAM: ingest.stream.deliveryStreamName },
      memoryMb: READS_OBJECTS_MB,
    });
    this.summarize = stage('SummarizeRuns', {
      handler: 'summarize-runs',
      description: 'Derives the runs and steps that compacted objects touched',
      environment: {},
      memoryMb: READS_OBJECTS_MB,
    });
    this.aggregate = stage('AggregateMetrics', {
      handler: 'aggregate-metrics',
      description: 'Recomputes job_metrics for the days that are due',
      environment: {},
    });
    this.maintain = stage('MaintainTables', {
      handler: 'maintain-tables',
      description: 'Rewrites small files, expires old rows, and finds objects without a notification',
      environment: {
        LEDGER_SUMMARIES_KEPT_DAYS: String(options.summariesKeptDays),
        ...(options.rawExpireAfterDays !== undefined && { LEDGER_RAW_KEPT_DAYS: String(options.rawExpireAfterDays) }),
      },
      memoryMb: READS_OBJECTS_MB,
    });
    this.writers = [
      { writer: this.compact, tables: ['pipeline_logs'] },
      { writer: this.summarize, tables: ['pipeline_run_state', 'pipeline_steps', 'run_changes'] },
      { writer: this.aggregate, tables: ['job_metrics'] },
      { writer: this.maintain, tables: TABLES.map(({ name }) => name) },
    ];
    for (const { writer, tables } of this.writers) {
      lake.grantWrite(writer.function, tables);
      live.grantReadWrite(writer.function);
      bus.grantPublish(writer.function);
    }
    lake.grantSeal(this.maintain.function);
    // It judges the pipelines of runs whose objects no notification had named.
    live.grantIncidents(this.maintain.function);
    live.grantRecoveries(this.maintain.function);
    lake.grantReadPipelines(this.maintain.function);
    // Lines that were put into raw/ without the transform are sent through it.
    ingest.grantPut(this.compact.function);
    // Accept needs the salt that the migration makes.
    migrations.precede(
      ...this.writers.map(({ writer }) => writer.function),
      ingest.accept.function,
      ingest.reaccept.function,
    );

    const often = Duration.minutes(options.compactEveryMinutes);
    this.compact.callAt(ScheduleExpression.rate(often), often, deadLetters);
    // An event on the bus can be lost; the progress in the live store cannot.
    this.summarize.callAt(ScheduleExpression.rate(often), often, deadLetters);
    this.aggregate.callAt(ScheduleExpression.rate(often), often, deadLetters);
    this.maintain.callAt(ScheduleExpression.cron({ hour: '3', minute: '10' }), Duration.hours(1), deadLetters, 'again');
    bus.subscribe(['Events Compacted'], this.summarize, deadLetters);
    bus.subscribe(['Runs Summarized', 'Runs Silent'], this.aggregate, deadLetters);
  }

  /** Objects in the bucket for which S3 sent no notification; the ledger took them in. */
  metricFound(): Metric {
    return this.maintain.metric('found_objects', 'Maximum', A_DAY);
  }

  /** Tables that the last maintenance left as they were. */
  metricUnmaintained(): Metric {
    return this.maintain.metric('unmaintained_tables', 'Maximum', A_DAY);
  }
}
