import { createHash } from 'node:crypto';
import { CustomResource, Duration, FileSystem } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { TABLES, VIEWS } from '../core/schema/columns.ts';
import type { Options } from './context.ts';
import { functionDefaults, LedgerFunction, pathOf } from './function.ts';
import { engineEnvironment, type Lake } from './lake.ts';

export interface MigrationsProps {
  readonly options: Options;
  readonly lake: Lake;
}

/** Makes and evolves the tables during a deployment, before any function that runs SQL is made or changed. */
export class Migrations extends Construct {
  readonly migrate: LedgerFunction;
  private readonly applied: CustomResource;

  constructor(scope: Construct, id: string, { options, lake }: MigrationsProps) {
    super(scope, id);
    this.migrate = new LedgerFunction(this, 'MigrateTables', {
      ...functionDefaults(options),
      handler: 'migrate-tables',
      description: 'Creates tables that are missing, adds columns that are new, replaces views; never drops',
      environment: engineEnvironment(lake),
      timeout: Duration.minutes(15),
    });
    lake.grantMigrate(this.migrate.function);
    const provider = new Provider(this, 'Provider', {
      onEventHandler: this.migrate.function,
      logGroup: new LogGroup(this, 'ProviderLogs', functionDefaults(options).logs),
    });
    this.applied = new CustomResource(this, 'Applied', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::LedgerTables',
      // A change of it is what makes CloudFormation call the function again.
      properties: { schema: schemaFingerprint() },
    });
    this.applied.node.addDependency(this.migrate.function, lake.database, lake.workgroup);
  }

  /** The function is deployed only once the tables are as its code expects them. */
  precede(...functions: readonly LedgerFunction[]): void {
    for (const each of functions) each.function.node.addDependency(this.applied);
  }
}

/** Columns and SQL texts: whatever the tables and views are made from. */
const schemaFingerprint = (): string =>
  createHash('sha256')
    .update(JSON.stringify([TABLES, VIEWS]))
    .update(FileSystem.fingerprint(pathOf('sql')))
    .digest('hex')
    .slice(0, 32);
