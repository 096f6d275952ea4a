import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Database } from 'aws-cdk-lib/aws-glue';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SHADOW_SUFFIX, TABLES } from '../core/schema/columns.ts';
import { type KeptDays, lifecycle } from './lifecycle.ts';
import { PREFIXES } from './prefixes.ts';

export type TableName = (typeof TABLES)[number]['name'];

export interface LakeProps extends KeptDays {
  /** The most one query may scan, in bytes; at least 10,000,000. */
  readonly scanLimitBytes: number;
  /** What happens to the data when the stack is destroyed. */
  readonly removal: RemovalPolicy;
  /** Lake Formation governs the database; see `LakeFormation`. */
  readonly lakeFormation: boolean;
}

/** Keeps everything: one private bucket of files, the database of its tables, and a workgroup with a scan limit. */
export class Lake extends Construct {
  readonly bucket: Bucket;
  readonly database: Database;
  readonly workgroup: CfnWorkGroup;
  /** The most one query may scan, in bytes. */
  readonly scanLimitBytes: number;
  private readonly lakeFormation: boolean;

  constructor(scope: Construct, id: string, props: LakeProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    this.scanLimitBytes = props.scanLimitBytes;
    this.lakeFormation = props.lakeFormation;
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: lifecycle(props),
      // Of a failed first deployment too: by then the migration may have put files into it, and S3 deletes no bucket
      // that holds any, so that CloudFormation's roll-back would fail as well.
      removalPolicy: props.removal === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      autoDeleteObjects: props.removal === RemovalPolicy.DESTROY,
    });
    this.database = new Database(this, 'Database', {
      databaseName: stackName.toLowerCase().replaceAll('-', '_'),
      description: `The run ledger of stack ${stackName}`,
      removalPolicy: props.removal,
    });
    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: stackName,
      description: `Queries of the run ledger of stack ${stackName}`,
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        bytesScannedCutoffPerQuery: props.scanLimitBytes,
        // A client cannot send results elsewhere, nor lift the limit.
        enforceWorkGroupConfiguration: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        publishCloudWatchMetricsEnabled: true,
        resultConfiguration: {
          outputLocation: this.bucket.s3UrlForObject(PREFIXES.results),
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
  }

  /** Allows to write raw lines, rejections and whole oversize lines. */
  grantLand(grantee: IGrantable): void {
    for (const prefix of [PREFIXES.raw, PREFIXES.rejected, PREFIXES.oversize])
      this.bucket.grantPut(grantee, `${prefix}*`);
  }

  /** Allows to write what became of rejections, beside them. */
  grantDecide(grantee: IGrantable): void {
    this.bucket.grantPut(grantee, `${PREFIXES.rejected}*`);
  }

  /** Allows to read and list landed objects. */
  grantReadRaw(grantee: IGrantable): void {
    this.bucket.grantRead(grantee, `${PREFIXES.raw}*`);
  }

  /** Allows to read the envelopes of records that Firehose could not deliver. */
  grantReadFailed(grantee: IGrantable): void {
    this.bucket.grantRead(grantee, `${PREFIXES.failed}*`);
  }

  /** Allows to read every table with SQL. */
  grantRead(grantee: IGrantable): void {
    this.grantStatements(grantee);
    for (const prefix of [PREFIXES.raw, PREFIXES.rejected, PREFIXES.tables])
      this.bucket.grantRead(grantee, `${prefix}*`);
    this.grantCatalog(grantee, READS_CATALOG);
  }

  /** Allows to read every table and to change these with SQL. */
  grantWrite(grantee: IGrantable, tables: readonly TableName[]): void {
    this.grantRead(grantee);
    for (const table of tables) {
      // The folder of a table is its name and a suffix, which its migration chose.
      this.bucket.grantPut(grantee, `${PREFIXES.tables}${table}-*`);
      // VACUUM without the right to delete succeeds and deletes nothing.
      this.bucket.grantDelete(grantee, `${PREFIXES.tables}${table}-*`);
    }
    // An Iceberg commit is a change of the table's entry.
    this.grantCatalog(grantee, ['glue:UpdateTable'], tables);
  }

  /** Allows to read what the ledger made once and keeps. */
  grantReadSettings(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [this.bucket.arnForObjects(`${PREFIXES.settings}*`)],
    });
  }

  /** Allows to create and alter the tables with SQL, and to make the ledger's settings. */
  grantMigrate(grantee: IGrantable): void {
    this.grantRead(grantee);
    this.grantReadSettings(grantee);
    this.bucket.grantPut(grantee, `${PREFIXES.settings}*`);
    this.bucket.grantPut(grantee, `${PREFIXES.tables}*`);
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
    this.grantCatalog(
      grantee,
      ['glue:UpdateTable'],
      TABLES.map(({ name }) => name),
    );
    const database = `${this.database.databaseName}${SHADOW_SUFFIX}`;
    this.bucket.grantPut(grantee, `${PREFIXES.tables}*`);
    this.bucket.grantDelete(grantee, `${PREFIXES.tables}*`);
    this.grantCatalog(
      grantee,
      [
        ...READS_CATALOG,
        'glue:CreateDatabase',
        'glue:DeleteDatabase',
        'glue:CreateTable',
        'glue:UpdateTable',
        'glue:DeleteTable',
      ],
      ['*'],
      database,
    );
    // "To delete a database you need permissions on the database, the catalog, and all its tables and functions" (ibid.).
    Grant.addToPrincipal({
      grantee,
      actions: ['glue:DeleteDatabase'],
      resourceArns: [`${GLUE.arn}:userDefinedFunction/${database}/*`],
    });
  }

  /** Bytes that statements of the workgroup scanned. */
  metricScannedBytes(): Metric {
    return new Metric({
      namespace: 'AWS/Athena',
      metricName: 'ProcessedBytes',
      dimensionsMap: { WorkGroup: this.workgroup.name, QueryState: 'SUCCEEDED', QueryType: 'DML' },
      statistic: 'Sum',
      period: Duration.hours(1),
    });
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
      resourceArns: [`arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:workgroup/${this.workgroup.name}`],
    });
    // The statements name the catalog that they run in.
    Grant.addToPrincipal({ grantee, actions: ['athena:GetDataCatalog'], resourceArns: [DATA_CATALOG] });
    // "IAM permission lakeformation:GetDataAccess" is what the engines ask Lake Formation for data with.
    if (this.lakeFormation) {
      Grant.addToPrincipal({ grantee, actions: ['lakeformation:GetDataAccess'], resourceArns: ['*'] });
    }
    // "A policy with access to your default database and to the catalog must be present" (Athena: access to Glue).
    Grant.addToPrincipal({ grantee, actions: READS_DATABASES, resourceArns: [GLUE.defaultDatabase] });
    this.bucket.grantRead(grantee, `${PREFIXES.results}*`);
    this.bucket.grantPut(grantee, `${PREFIXES.results}*`);
  }

  private grantCatalog(
    grantee: IGrantable,
    actions: string[],
    tables: readonly string[] = ['*'],
    databaseName = this.database.databaseName,
  ): void {
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
