import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Database } from 'aws-cdk-lib/aws-glue';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SHADOW_SUFFIX, type TABLES } from '../core/schema/columns.ts';
import { PREFIXES } from './prefixes.ts';

export type TableName = (typeof TABLES)[number]['name'];

export interface LakeProps {
  readonly rawArchiveAfterDays: number;
  /** Undefined: raw lines are kept for ever. */
  readonly rawExpireAfterDays: number | undefined;
  /** The most one query may scan, in bytes; at least 10,000,000. */
  readonly scanLimitBytes: number;
  /** What happens to the data when the stack is destroyed. */
  readonly removal: RemovalPolicy;
}

/** Keeps everything: one private bucket of files, the database of its tables, and a workgroup with a scan limit. */
export class Lake extends Construct {
  readonly bucket: Bucket;
  readonly database: Database;
  readonly workgroup: CfnWorkGroup;
  /** The most one query may scan, in bytes. */
  readonly scanLimitBytes: number;

  constructor(scope: Construct, id: string, props: LakeProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    this.scanLimitBytes = props.scanLimitBytes;
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: lifecycle(props),
      removalPolicy: props.removal,
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
    this.grantCatalog(grantee, ['glue:CreateTable', 'glue:UpdateTable', 'glue:GetDatabases']);
    this.grantListTables(grantee);
  }

  /** Allows to read the definitions of the tables. */
  grantListTables(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['athena:ListTableMetadata'],
      resourceArns: [`arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:datacatalog/AwsDataCatalog`],
    });
  }

  /** Allows to create shadow tables, in a database of their own, and to drop them again. */
  grantShadowTables(grantee: IGrantable): void {
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
    this.bucket.grantRead(grantee, `${PREFIXES.results}*`);
    this.bucket.grantPut(grantee, `${PREFIXES.results}*`);
  }

  private grantCatalog(
    grantee: IGrantable,
    actions: string[],
    tables: readonly string[] = ['*'],
    databaseName = this.database.databaseName,
  ): void {
    const glue = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [
        `${glue}:catalog`,
        `${glue}:database/${databaseName}`,
        ...tables.map((table) => `${glue}:table/${databaseName}/${table}`),
      ],
    });
    // "A policy with access to your default database and to the catalog must be present" (Athena: access to Glue).
    Grant.addToPrincipal({ grantee, actions: ['glue:GetDatabase'], resourceArns: [`${glue}:database/default`] });
  }
}

const READS_CATALOG = ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'];

/** Environment variables of a function that runs SQL. */
export const engineEnvironment = (lake: Lake): Readonly<Record<string, string>> => ({
  LEDGER_BUCKET: lake.bucket.bucketName,
  LEDGER_DATABASE: lake.database.databaseName,
  LEDGER_WORKGROUP: lake.workgroup.name,
});

/** Deletes by age only copies and short-lived files, and raw lines if so configured. Tables expire their rows by SQL. */
function lifecycle(props: LakeProps): LifecycleRule[] {
  const kept = [PREFIXES.raw, PREFIXES.rejected, PREFIXES.oversize].map(
    (prefix): LifecycleRule => ({
      prefix,
      transitions: [
        {
          storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
          transitionAfter: Duration.days(props.rawArchiveAfterDays),
        },
      ],
      ...(props.rawExpireAfterDays === undefined ? {} : { expiration: Duration.days(props.rawExpireAfterDays) }),
    }),
  );
  return [
    ...kept,
    { prefix: PREFIXES.results, expiration: Duration.days(7) },
    // Firehose's envelopes hold unmasked records; the ledger accepts those again within minutes.
    { prefix: PREFIXES.failed, expiration: Duration.days(14) },
    { noncurrentVersionExpiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(7) },
    { expiredObjectDeleteMarker: true },
  ];
}
