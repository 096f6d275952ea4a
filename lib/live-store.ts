import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { liveTable } from '../adapters/dynamodb/table.ts';
import type { Options } from './context.ts';

/** The live lane's memory: one table, paid per request, that forgets what has an end and can go back 35 days. */
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

/** What a function needs to know of the live store. */
export const liveEnvironment = (live: LiveStore, options: Options): Readonly<Record<string, string>> => ({
  LEDGER_TABLE: live.table.tableName,
  // A run whose events are in the logs is derived again when one more comes: until then its dates must be known.
  LEDGER_LOGS_KEPT_DAYS: String(options.logsKeptDays),
});

const text = (name: string) => ({ name, type: AttributeType.STRING });

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
/** What a transaction does is allowed by the single actions it is made of. */
const WRITES = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
];
