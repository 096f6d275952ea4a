import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { USER_SALT_KEY } from '../core/object-keys.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import { engineEnvironment, type Lake } from './lake.ts';
import { grantFind, stackArnOf } from './operator-policy.ts';
import { bundleOf } from './own-package.ts';
import { resourceProvider } from './resource-provider.ts';

export interface MigrationsProps {
  readonly options: Deployment;
  readonly lake: Lake;
}

/** Creates and alters the tables during a deployment, before any function that runs SQL is created or changed. */
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
    // It asks whether the deployment is being undone.
    grantFind(this.migrate.function, stackArnOf(Stack.of(this)));
    this.applied = new CustomResource(this, 'Applied', {
      serviceToken: resourceProvider(this, this.migrate, options).serviceToken,
      resourceType: 'Custom::LedgerTables',
      // CloudFormation calls the function again when this property changes.
      properties: { schema: schemaFingerprint(), settings: USER_SALT_KEY },
    });
    this.applied.node.addDependency(this.migrate.function, lake.database, lake.workgroup);
  }

  /** Deploys these only after the tables are as the functions' code expects them. */
  precede(...those: readonly Construct[]): void {
    for (const each of those) each.node.addDependency(this.applied);
  }

  /** Deploys these first: what the migration needs, and what may fail while there are no tables yet. */
  follow(...those: readonly Construct[]): void {
    this.applied.node.addDependency(...those);
  }
}

/** A hash of the function's code, which holds every column and SQL text that the tables and views are made from. */
const schemaFingerprint = (): string =>
  createHash('sha256')
    .update(readFileSync(bundleOf('migrate-tables')))
    .digest('hex')
    .slice(0, 32);
