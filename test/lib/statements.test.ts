import { describe, expect, test } from 'vitest';
import type { Statement } from '../../scripts/permissions/roles.ts';
import { evaluate } from '../iam/evaluate.ts';
import { aStack } from './a-stack.ts';
import { resolve } from './resolve.ts';

const PLACE = { partition: 'aws', region: 'eu-west-1', account: '123456789012', stackName: 'runledger-prod' };
const resolved = Object.entries(resolve(aStack().template, PLACE));

const statementsOf = (id: string): readonly Statement[] =>
  resolved
    .filter(([key, { Type }]) => key.startsWith(id) && Type.startsWith('AWS::IAM::'))
    .flatMap(
      ([, { Properties }]) => (Properties.PolicyDocument as { Statement?: readonly Statement[] })?.Statement ?? [],
    );

const allows = (statements: readonly Statement[], action: string, resource: string): boolean =>
  evaluate(statements, { action, resource, context: {} }) === 'allowed';

const glue = (rest: string) => `arn:aws:glue:eu-west-1:123456789012:${rest}`;
const CATALOG = glue('catalog');
const DEFAULT = glue('database/default');
const on = (actions: readonly string[], ...resources: readonly string[]) =>
  actions.flatMap((action) => resources.map((resource) => [`glue:${action}`, resource] as const));

/** What the samples of "Configure access to databases and tables in the Glue Data Catalog" (Athena) grant for a statement. */
const createTable = (database: string, table: string) => [
  ...on(['GetDatabase', 'GetDatabases'], CATALOG, glue(`database/${database}`)),
  ...on(
    ['GetTable', 'GetTables', 'CreateTable'],
    CATALOG,
    glue(`database/${database}`),
    glue(`table/${database}/${table}`),
  ),
];
const dropTable = (database: string, table: string) =>
  on(
    ['GetDatabase', 'GetTable', 'DeleteTable'],
    CATALOG,
    glue(`database/${database}`),
    glue(`table/${database}/${table}`),
  );
const createDatabase = (database: string) =>
  on(['GetDatabase', 'CreateDatabase'], CATALOG, glue(`database/${database}`));
const dropDatabase = (database: string) =>
  on(
    ['GetDatabase', 'GetDatabases', 'GetTable', 'GetTables', 'DeleteDatabase', 'DeleteTable'],
    CATALOG,
    glue(`database/${database}`),
    glue(`table/${database}/pipeline_logs`),
  ).concat(on(['DeleteDatabase'], glue(`userDefinedFunction/${database}/any`)));
const changeRows = (database: string, table: string) =>
  on(
    ['GetDatabase', 'GetTable', 'GetPartitions', 'UpdateTable'],
    CATALOG,
    glue(`database/${database}`),
    glue(`table/${database}/${table}`),
  );

const refusedTo = (id: string, needed: readonly (readonly [string, string])[]): readonly string[] =>
  needed.filter(([action, resource]) => !allows(statementsOf(id), action, resource)).map((each) => each.join(' on '));

const SHADOW = 'runledger_prod_rebuilt';

describe('with nothing but OperatorPolicy', () => {
  test.each([
    ['make the database of a rebuild', createDatabase(SHADOW)],
    ['make its tables', createTable(SHADOW, 'pipeline_logs')],
    ['fill them', changeRows(SHADOW, 'pipeline_logs')],
    ['correct the real ones', changeRows('runledger_prod', 'pipeline_logs')],
    ['drop its tables', dropTable(SHADOW, 'pipeline_logs')],
    ['drop the database again', dropDatabase(SHADOW)],
    ['ask Athena for anything at all', on(['GetDatabase', 'GetDatabases'], DEFAULT)],
  ])('a person can %s', (_, needed) => {
    expect(refusedTo('OperatorPolicy', needed)).toEqual([]);
  });

  test('a person can neither drop the real tables nor make others', () => {
    expect(refusedTo('OperatorPolicy', dropDatabase('runledger_prod'))).toContain(
      `glue:DeleteDatabase on ${glue('database/runledger_prod')}`,
    );
    expect(allows(statementsOf('OperatorPolicy'), 'glue:DeleteTable', glue('table/runledger_prod/pipeline_logs'))).toBe(
      false,
    );
    expect(allows(statementsOf('OperatorPolicy'), 'glue:CreateTable', glue('table/runledger_prod/other'))).toBe(false);
  });
});

describe('the migration', () => {
  const ROLE = 'MigrationsMigrateTablesRoleDefaultPolicy';

  test('may make its tables, and the database default in an account that has none', () => {
    expect(refusedTo(ROLE, createTable('runledger_prod', 'pipeline_logs'))).toEqual([]);
    expect(refusedTo(ROLE, on(['GetDatabase', 'GetDatabases', 'CreateDatabase'], CATALOG, DEFAULT))).toEqual([]);
  });

  test('may drop nothing', () => {
    expect(allows(statementsOf(ROLE), 'glue:DeleteTable', glue('table/runledger_prod/pipeline_logs'))).toBe(false);
  });
});
