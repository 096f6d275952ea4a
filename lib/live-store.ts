import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { liveTable } from '../adapters/dynamodb/table.ts';
import type { Options } from './options.ts';

/** The live runs and the progress of the stages: one table, paid per request, with expiry and 35 days of point-in-time recovery. */
export class LiveStore extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { removal }: { readonly removal: RemovalPolicy }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: text(liveTable.partitionKey),
      sortKey: text(liveTable.sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: liveTable.timeToLive,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: removal,
    });
    for (const index of liveTable.indexes) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...index.included],
      });
    }
  }

  grantRead(grantee: IGrantable): void {
    this.table.grant(grantee, ...READS);
  }

  grantReadWrite(grantee: IGrantable): void {
    this.table.grant(grantee, ...READS, ...WRITES);
  }
}

/** Environment variables of a function that uses the live store. */
export const liveEnvironment = (live: LiveStore, options: Options): Readonly<Record<string, string>> => ({
  LEDGER_TABLE: live.table.tableName,
  // While the logs hold a run's events, a late event derives the run again, which needs the run's dates.
  LEDGER_LOGS_KEPT_DAYS: String(options.logsKeptDays),
});

const text = (name: string) => ({ name, type: AttributeType.STRING });

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
/** A transaction needs the permissions of the single actions it consists of. */
const WRITES = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
];
