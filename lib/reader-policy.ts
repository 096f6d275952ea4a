import { Aws } from 'aws-cdk-lib';
import { Grant, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Lake } from './lake.ts';
import type { LiveStore } from './live-store.ts';
import { grantFind } from './operator-policy.ts';

export interface ReaderPolicyProps {
  readonly description: string;
  readonly stackArn: string;
  readonly lake: Lake;
  readonly live: LiveStore;
}

/**
 * Attach it to people and tools that ask: it allows to read the tables and the live runs, with the command line, the
 * Athena console, JDBC and ODBC drivers, and Grafana.
 */
export class ReaderPolicy extends ManagedPolicy {
  constructor(scope: Construct, id: string, { description, stackArn, lake, live }: ReaderPolicyProps) {
    super(scope, id, { description });
    lake.grantRead(this);
    lake.grantVerify(this);
    live.grantRead(this);
    live.grantReadIncidents(this);
    live.grantReadRecoveries(this);
    lake.grantReadAlertSettings(this);
    lake.grantReadReports(this);
    grantFind(this, stackArn);
    const allow = (actions: string[], ...resourceArns: string[]) =>
      Grant.addToPrincipal({ grantee: this, actions, resourceArns });
    const athena = `arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    // Drivers read results as a stream; the console and Grafana show what ran before.
    allow(
      ['athena:GetQueryResultsStream', 'athena:ListQueryExecutions', 'athena:BatchGetQueryExecution'],
      `${athena}:workgroup/${lake.workgroup.name}`,
    );
    // Tools let people choose a catalog, a database and a table.
    allow(
      ['ListDatabases', 'GetDatabase', 'ListTableMetadata', 'GetTableMetadata'].map((action) => `athena:${action}`),
      `${athena}:datacatalog/AwsDataCatalog`,
    );
    // Lists know no resource; they show names.
    allow(['athena:ListWorkGroups', 'athena:ListDataCatalogs'], '*');
  }
}
