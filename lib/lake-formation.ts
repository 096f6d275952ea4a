import { Aws, Validations } from 'aws-cdk-lib';
import { CfnPrincipalPermissions } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import type { LedgerFunction } from './function.ts';
import type { HistoryLane } from './history-lane.ts';
import type { Lake } from './lake.ts';
import type { Migrations } from './migrations.ts';

export interface LakeFormationProps {
  readonly lake: Lake;
  readonly migrations: Migrations;
  readonly historyLane: HistoryLane;
  /** ARNs of roles and users that may read. */
  readonly readers: readonly string[];
  /** ARNs of roles and users that may rebuild the tables. */
  readonly operators: readonly string[];
}

const READ = ['DESCRIBE', 'SELECT'];
/** A commit to an Iceberg table changes the table's entry. */
const WRITE = ['ALTER', 'DELETE', 'INSERT'];

/**
 * Grants through Lake Formation what the policies grant through IAM: where it governs a database, a principal needs both.
 * CloudFormation's role has to be a data lake administrator, for whoever makes a database may not grant on the tables
 * that others make in it (Lake Formation: Implicit permissions). The bucket is not registered as a location of the data
 * lake, so IAM alone guards the files.
 */
export class LakeFormation extends Construct {
  private readonly lake: Lake;

  constructor(scope: Construct, id: string, props: LakeFormationProps) {
    super(scope, id);
    const { lake, migrations, historyLane, readers, operators } = props;
    this.lake = lake;
    const migrator = roleOf(migrations.migrate);
    migrations.follow(
      this.grant('MigrateTablesDatabase', migrator, this.database(), ['CREATE_TABLE', 'DESCRIBE']),
      this.grant('MigrateTablesTables', migrator, this.tables(), ['ALTER', ...READ]),
    );
    for (const { writer, tables } of historyLane.writers) {
      this.grantRead(writer.node.id, roleOf(writer));
      for (const table of tables) {
        // Lake Formation knows a table once there is one.
        migrations.precede(this.grant(`${writer.node.id}Writes-${table}`, roleOf(writer), this.table(table), WRITE));
      }
    }
    readers.forEach((reader, index) => {
      this.grantRead(`Reader${index}`, reader);
    });
    operators.forEach((operator, index) => {
      this.grantRead(`Operator${index}`, operator);
      this.grant(`Operator${index}Writes`, operator, this.tables(), WRITE);
      // A rebuild makes a database beside the ledger's; whoever makes one may do everything in it.
      const rebuilds = this.grant(`Operator${index}Rebuilds`, operator, { catalog: {} }, ['CREATE_DATABASE']);
      Validations.of(rebuilds).acknowledge({
        id: 'CloudFormation-Validate::F3012',
        reason:
          'The validator wants text; the resource takes JSON, an empty object (CloudFormation: PrincipalPermissions Resource).',
      });
    });
  }

  private grantRead(name: string, principal: string): void {
    this.grant(`${name}Database`, principal, this.database(), ['DESCRIBE']);
    this.grant(`${name}Tables`, principal, this.tables(), READ);
  }

  private grant(id: string, principal: string, resource: Resource, permissions: string[]): CfnPrincipalPermissions {
    const grant = new CfnPrincipalPermissions(this, id, {
      principal: { dataLakePrincipalIdentifier: principal },
      resource,
      permissions,
      permissionsWithGrantOption: [],
    });
    grant.node.addDependency(this.lake.database);
    return grant;
  }

  private database(): Resource {
    return { database: { catalogId: Aws.ACCOUNT_ID, name: this.lake.database.databaseName } };
  }

  private tables(): Resource {
    return { table: { ...this.inDatabase(), tableWildcard: {} } };
  }

  private table(name: string): Resource {
    return { table: { ...this.inDatabase(), name } };
  }

  private inDatabase() {
    return { catalogId: Aws.ACCOUNT_ID, databaseName: this.lake.database.databaseName };
  }
}

type Resource = CfnPrincipalPermissions.ResourceProperty;

function roleOf({ function: { role, node } }: LedgerFunction): string {
  if (role === undefined) throw new Error(`expected a role of ${node.path}, got none`);
  return role.roleArn;
}
