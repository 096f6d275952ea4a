import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { liveTable, PARTITIONS } from '../adapters/dynamodb/table.ts';
import type { Deployment } from './deployment.ts';

export interface LiveStoreProps {
  readonly options: Deployment;
  readonly removal: RemovalPolicy;
}

/** The live runs and the progress of the stages: one table, paid per request, with expiry and 35 days of point-in-time recovery. */
export class LiveStore extends Construct {
  readonly table: ITable;

  constructor(scope: Construct, id: string, props: LiveStoreProps) {
    super(scope, id);
    const { encryptionKey, adopt } = props.options;
    this.table =
      adopt?.table === undefined
        ? this.newTable(props)
        : Table.fromTableAttributes(this, 'Adopted', {
            tableName: adopt.table,
            ...(encryptionKey && { encryptionKey }),
          });
  }

  private newTable({ options: { protect, encryptionKey }, removal }: LiveStoreProps): ITable {
    const table = new Table(this, 'Table', {
      partitionKey: text(liveTable.partitionKey),
      sortKey: text(liveTable.sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: liveTable.timeToLive,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: removal,
      deletionProtection: protect,
      ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
    });
    for (const index of liveTable.indexes) {
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...index.included],
      });
    }
    // The CDK declares optional properties of the two in two ways, which exact optional types tell apart.
    return table as ITable;
  }

  grantRead(grantee: IGrantable): void {
    this.grant(grantee, READS, RUNS);
    this.grantIndexes(grantee);
  }

  grantReadWrite(grantee: IGrantable): void {
    this.grant(grantee, [...READS, ...WRITES], RUNS);
    this.grantIndexes(grantee);
  }

  /** Allows to read incidents, and which pipelines are watched. */
  grantReadIncidents(grantee: IGrantable): void {
    this.grant(grantee, READS, INCIDENTS);
    this.grantIndexes(grantee);
  }

  /** Allows to change them too, item by item. */
  grantIncidents(grantee: IGrantable): void {
    this.grant(grantee, [...READS, 'dynamodb:PutItem'], INCIDENTS);
    this.grantIndexes(grantee);
  }

  /** Allows to read what was decided about failed runs. */
  grantReadRecoveries(grantee: IGrantable): void {
    this.grant(grantee, READS, RECOVERIES);
    this.grantIndexes(grantee);
  }

  /** Allows to decide about failed runs too, item by item. */
  grantRecoveries(grantee: IGrantable): void {
    this.grant(grantee, [...READS, 'dynamodb:PutItem'], RECOVERIES);
    this.grantIndexes(grantee);
  }

  /** Allows to read and write what people were told of, and nothing else of the table. */
  grantNotificationLog(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem'], [PARTITIONS.notified]);
  }

  /** Allows to find a token by its name, and to write which runs pings began. */
  grantHttpApi(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem'], [PARTITIONS.token]);
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem'], [PARTITIONS.ping]);
  }

  /** Allows to find a token by its name, and to keep the sessions of browsers. */
  grantSessions(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem'], [PARTITIONS.token]);
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], [PARTITIONS.session]);
  }

  /** Allows to create, list and revoke tokens. */
  grantTokens(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'], [PARTITIONS.token]);
  }

  /** Allows to read how far the pipelines' data has come, and nothing else of the table. */
  grantReadWatermarks(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:Query'], [PARTITIONS.watermark]);
  }

  /** Allows to set by hand how far the pipelines' data has come. */
  grantSetWatermarks(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem'], [PARTITIONS.watermark]);
  }

  private grant(grantee: IGrantable, actions: string[], partitions: readonly string[]): void {
    const keys = partitions.map((each) => (each.endsWith('#') ? `${each}*` : each));
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.table.tableArn],
      // It holds for a request without a key too, such as a scan: grant only actions that name keys.
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    });
    const isWriter = actions.some((action) => WRITES.includes(action));
    this.table.encryptionKey?.grant(grantee, ...USES_KEY, ...(isWriter ? WRITES_WITH_KEY : []));
  }

  /** The indexes hold keys and names of runs, incidents, watches and recoveries, and nothing that is said of them. */
  private grantIndexes(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: [`${this.table.tableArn}/index/*`],
    });
  }
}

/** Environment variables of a function that uses the live store. */
export const liveEnvironment = (live: LiveStore, options: Deployment): Readonly<Record<string, string>> => ({
  LEDGER_TABLE: live.table.tableName,
  // While the logs hold a run's events, a late event derives the run again, which needs the run's dates.
  LEDGER_LOGS_KEPT_DAYS: String(options.logsKeptDays),
});

const {
  notified: _notified,
  incident,
  watch,
  recovery,
  token: _token,
  session: _session,
  ping: _ping,
  ...RUN_PARTITIONS
} = PARTITIONS;
const RUNS = Object.values(RUN_PARTITIONS);
const INCIDENTS = [incident, watch];
const RECOVERIES = [recovery];

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** DynamoDB uses the key on behalf of who asks: with these actions, as the CDK's own grants have them. */
const USES_KEY = ['kms:Decrypt', 'kms:DescribeKey'];
const WRITES_WITH_KEY = ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'];

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
/** A transaction needs the permissions of the single actions it consists of. */
const WRITES = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
];
