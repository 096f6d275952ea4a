import { Aws, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IDatabase } from 'aws-cdk-lib/aws-glue';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PIPELINES_KEY, SILENCES_KEY } from '../core/object-keys.ts';
import { SHADOW_SUFFIX, type TABLES } from '../core/schema/columns.ts';
import type { Deployment } from './deployment.ts';
import { bucketOf, databaseOf } from './lake-storage.ts';
import { SUM_OF_ALL } from './metric-math.ts';
import {
  grantDelete,
  grantLocate,
  grantPut,
  grantPutObjects,
  grantRead,
  grantReadKnown,
  grantReadObjects,
} from './object-access.ts';
import { PREFIXES } from './prefixes.ts';

export type TableName = (typeof TABLES)[number]['name'];

export interface LakeProps {
  readonly options: Deployment;
  /** What happens to the data when the stack is destroyed. */
  readonly removal: RemovalPolicy;
}

/** Keeps everything: one private bucket of files, the database of its tables, and a workgroup with a scan limit. */
export class Lake extends Construct {
  readonly bucket: IBucket;
  readonly database: IDatabase;
  readonly workgroup: CfnWorkGroup;
  /** The most one query may scan, in bytes. */
  readonly scanLimitBytes: number;
  private readonly lakeFormation: boolean;

  constructor(scope: Construct, id: string, { options, removal }: LakeProps) {
    super(scope, id);
    const { encryptionKey } = options;
    const { stackName } = Stack.of(this);
    this.scanLimitBytes = options.scanLimitGb * 1e9;
    this.lakeFormation = options.lakeFormation;
    this.bucket = bucketOf(this, options, removal);
    if (options.bucketEvents) this.bucket.enableEventBridgeNotification();
    this.database = databaseOf(this, options, removal);
    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: stackName,
      description: `Queries of the run ledger of stack ${stackName}`,
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        bytesScannedCutoffPerQuery: this.scanLimitBytes,
        // A client cannot send results elsewhere, nor lift the limit.
        enforceWorkGroupConfiguration: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        publishCloudWatchMetricsEnabled: true,
        resultConfiguration: {
          outputLocation: this.bucket.s3UrlForObject(PREFIXES.results),
          encryptionConfiguration:
            encryptionKey === undefined
              ? { encryptionOption: 'SSE_S3' }
              : { encryptionOption: 'SSE_KMS', kmsKey: encryptionKey.keyArn },
        },
      },
    });
  }

  /** Allows to write raw lines, rejections and whole oversize lines. */
  grantLand(grantee: IGrantable): void {
    for (const prefix of [PREFIXES.raw, PREFIXES.rejected, PREFIXES.oversize]) grantPut(grantee, this.bucket, prefix);
  }

  /** Allows to write what people decided of rejections, beside them, and of raw objects, and that they did: short, so never in parts. */
  grantDecide(grantee: IGrantable): void {
    grantPutObjects(
      grantee,
      this.bucket,
      ...[PREFIXES.rejected, PREFIXES.decisions, PREFIXES.acts].map((prefix) => `${prefix}*`),
    );
  }

  /** Allows to read what is expected of pipelines. */
  grantReadPipelines(grantee: IGrantable): void {
    grantReadObjects(grantee, this.bucket, PIPELINES_KEY);
  }

  /** Allows to change what is expected of pipelines. */
  grantApplyPipelines(grantee: IGrantable): void {
    this.grantReadPipelines(grantee);
    grantPutObjects(grantee, this.bucket, PIPELINES_KEY, `${PREFIXES.acts}*`);
  }

  /** Allows to read what is expected of pipelines, and of which ones people want to hear nothing for a time. */
  grantReadAlertSettings(grantee: IGrantable): void {
    grantReadObjects(grantee, this.bucket, PIPELINES_KEY, SILENCES_KEY);
  }

  /** Allows to read what a notice needs beside its incident, and to log what became of it. */
  grantNotify(grantee: IGrantable): void {
    this.grantReadAlertSettings(grantee);
    grantPut(grantee, this.bucket, PREFIXES.incidents);
  }

  /** Allows to log what was decided about failed runs. */
  grantTellDecisions(grantee: IGrantable): void {
    grantPut(grantee, this.bucket, PREFIXES.recovery);
  }

  /** Allows to ask what a report says, and to keep the report. */
  grantReport(grantee: IGrantable): void {
    this.grantRead(grantee);
    grantPut(grantee, this.bucket, PREFIXES.reports);
  }

  /** Allows to write the slots of pipelines. */
  grantRecordSlots(grantee: IGrantable): void {
    grantPut(grantee, this.bucket, PREFIXES.slots);
  }

  /** Allows to decide about incidents, to silence them, to change what is expected of pipelines, and to set watermarks. */
  grantRespond(grantee: IGrantable): void {
    this.grantNotify(grantee);
    this.grantTellDecisions(grantee);
    // Lost stores of incidents and of recoveries are built again from their logs.
    for (const prefix of [PREFIXES.incidents, PREFIXES.recovery]) grantRead(grantee, this.bucket, prefix);
    grantPutObjects(grantee, this.bucket, PIPELINES_KEY, SILENCES_KEY, `${PREFIXES.acts}*`);
  }

  /** Allows to write down what a person did. */
  grantAct(grantee: IGrantable): void {
    grantPutObjects(grantee, this.bucket, `${PREFIXES.acts}*`);
  }

  /** Allows to read everything that is sealed by day, beside what every reader may, and its manifests. */
  grantVerify(grantee: IGrantable): void {
    for (const prefix of [PREFIXES.decisions, PREFIXES.manifests]) grantRead(grantee, this.bucket, prefix);
  }

  /** Allows to seal days. */
  grantSeal(grantee: IGrantable): void {
    this.grantVerify(grantee);
    grantPutObjects(grantee, this.bucket, `${PREFIXES.manifests}*`);
  }

  /** Allows what the page does beside reading: to decide about incidents, to silence them, and to dismiss rejections. */
  grantDecideFromPage(grantee: IGrantable): void {
    this.grantNotify(grantee);
    grantPutObjects(grantee, this.bucket, SILENCES_KEY, `${PREFIXES.rejected}*`, `${PREFIXES.acts}*`);
  }

  /** Allows to read and list landed objects. */
  grantReadRaw(grantee: IGrantable): void {
    grantRead(grantee, this.bucket, PREFIXES.raw);
  }

  /** Allows to open the reports that were sent. */
  grantReadReports(grantee: IGrantable): void {
    grantRead(grantee, this.bucket, PREFIXES.reports);
  }

  /** Allows to read who asked what. */
  grantReadAccess(grantee: IGrantable): void {
    grantRead(grantee, this.bucket, PREFIXES.access);
  }

  /** Allows to record who asked what, and to read the text of a question that was asked in the workgroup. */
  grantRecordAccess(grantee: IGrantable): void {
    grantPut(grantee, this.bucket, PREFIXES.access);
    Grant.addToPrincipal({ grantee, actions: ['athena:GetQueryExecution'], resourceArns: [this.workgroupArn()] });
  }

  /** Allows to read the envelopes of records that Firehose could not deliver. */
  grantReadFailed(grantee: IGrantable): void {
    grantRead(grantee, this.bucket, PREFIXES.failed);
  }

  /** Allows to read every table with SQL. */
  grantRead(grantee: IGrantable): void {
    this.grantStatements(grantee);
    const { raw, rejected, incidents, slots, recovery, acts, tables } = PREFIXES;
    for (const prefix of [raw, rejected, incidents, slots, recovery, acts, tables])
      grantRead(grantee, this.bucket, prefix);
    this.grantCatalog(grantee, READS_CATALOG);
  }

  /** Allows to read every table and to change these with SQL. */
  grantWrite(grantee: IGrantable, tables: readonly TableName[]): void {
    this.grantRead(grantee);
    for (const table of tables) {
      // The folder of a table is its name and a suffix, which its migration chose.
      grantPut(grantee, this.bucket, `${PREFIXES.tables}${table}-`);
      // VACUUM without the right to delete succeeds and deletes nothing.
      grantDelete(grantee, this.bucket, `${PREFIXES.tables}${table}-`);
    }
    // An Iceberg commit is a change of the table's entry.
    this.grantCatalog(grantee, ['glue:UpdateTable'], tables);
  }

  /** Allows to read what the ledger made once and keeps. */
  grantReadSettings(grantee: IGrantable): void {
    grantReadKnown(grantee, this.bucket, PREFIXES.settings);
  }

  /** Allows to create and alter the tables with SQL, and to make the ledger's settings. */
  grantMigrate(grantee: IGrantable): void {
    this.grantRead(grantee);
    this.grantReadSettings(grantee);
    grantPut(grantee, this.bucket, PREFIXES.settings);
    grantPut(grantee, this.bucket, PREFIXES.tables);
    this.grantCatalog(grantee, ['glue:CreateTable', 'glue:UpdateTable']);
    // A new account may have no database `default`, which Athena makes before it makes anything else.
    const { catalog, defaultDatabase } = GLUE;
    Grant.addToPrincipal({ grantee, actions: ['glue:CreateDatabase'], resourceArns: [catalog, defaultDatabase] });
    this.grantListTables(grantee);
  }

  /** Allows to read the definitions of the tables. */
  grantListTables(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['athena:ListTableMetadata'],
      resourceArns: [DATA_CATALOG],
    });
  }

  /** Allows to read and change every table, to create shadow tables, in a database of their own, and to drop them again. */
  grantRebuild(grantee: IGrantable): void {
    this.grantRead(grantee);
    // One by one, the tables and a long name of the database would make the policy larger than IAM takes.
    this.grantCatalog(grantee, ['glue:UpdateTable']);
    const database = `${this.database.databaseName}${SHADOW_SUFFIX}`;
    grantPut(grantee, this.bucket, PREFIXES.tables);
    grantDelete(grantee, this.bucket, PREFIXES.tables);
    // "To delete a database you need permissions on the database, the catalog, and all its tables and functions" (ibid.): in
    // one statement, because each one more takes room.
    const shadow = ['userDefinedFunction', 'database', 'table'].map(
      (kind) => `${GLUE.arn}:${kind}/${database}${kind === 'database' ? '' : '/*'}`,
    );
    Grant.addToPrincipal({
      grantee,
      actions: [
        ...READS_CATALOG,
        ...['CreateDatabase', 'CreateTable', 'DeleteDatabase', 'DeleteTable', 'UpdateTable'].map(
          (each) => `glue:${each}`,
        ),
      ],
      resourceArns: [GLUE.catalog, ...shadow],
    });
  }

  /** Bytes that statements of the workgroup scanned and Athena bills: of those that were cancelled, too. */
  metricScannedBytes(): MathExpression {
    const scanned = (QueryState: string) =>
      new Metric({
        namespace: 'AWS/Athena',
        metricName: 'ProcessedBytes',
        dimensionsMap: { WorkGroup: this.workgroup.name, QueryState, QueryType: 'DML' },
        statistic: 'Sum',
      });
    return new MathExpression({
      expression: SUM_OF_ALL,
      usingMetrics: { succeeded: scanned('SUCCEEDED'), cancelled: scanned('CANCELLED') },
      label: 'Bytes scanned',
      period: Duration.hours(1),
    });
  }

  private workgroupArn(): string {
    return `arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:workgroup/${this.workgroup.name}`;
  }

  private grantStatements(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: [
        'athena:StartQueryExecution',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:StopQueryExecution',
        'athena:GetWorkGroup',
      ],
      resourceArns: [this.workgroupArn()],
    });
    // The statements name the catalog that they run in.
    Grant.addToPrincipal({ grantee, actions: ['athena:GetDataCatalog'], resourceArns: [DATA_CATALOG] });
    // "IAM permission lakeformation:GetDataAccess" is what the engines ask Lake Formation for data with.
    if (this.lakeFormation) {
      Grant.addToPrincipal({ grantee, actions: ['lakeformation:GetDataAccess'], resourceArns: ['*'] });
    }
    // "A policy with access to your default database and to the catalog must be present" (Athena: access to Glue).
    Grant.addToPrincipal({ grantee, actions: READS_DATABASES, resourceArns: [GLUE.catalog, GLUE.defaultDatabase] });
    grantLocate(grantee, this.bucket);
    grantRead(grantee, this.bucket, PREFIXES.results);
    grantPut(grantee, this.bucket, PREFIXES.results);
  }

  private grantCatalog(grantee: IGrantable, actions: string[], tables: readonly string[] = ['*']): void {
    const { databaseName } = this.database;
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [
        GLUE.catalog,
        `${GLUE.arn}:database/${databaseName}`,
        ...tables.map((table) => `${GLUE.arn}:table/${databaseName}/${table}`),
      ],
    });
  }
}

const READS_DATABASES = ['glue:GetDatabase', 'glue:GetDatabases'];
const READS_CATALOG = [...READS_DATABASES, 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'];

const DATA_CATALOG = `arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:datacatalog/AwsDataCatalog`;
const glue = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
const GLUE = { arn: glue, catalog: `${glue}:catalog`, defaultDatabase: `${glue}:database/default` };

/** Environment variables of a function that runs SQL. */
export const engineEnvironment = (lake: Lake): Readonly<Record<string, string>> => ({
  LEDGER_BUCKET: lake.bucket.bucketName,
  LEDGER_DATABASE: lake.database.databaseName,
  LEDGER_WORKGROUP: lake.workgroup.name,
});
