import { describe, expect, test } from 'vitest';
import { TABLES } from '../../core/schema/columns.ts';
import { aStack, ledgerFunctions, resourcesOf, variablesOf } from './a-stack.ts';
import { resolve } from './resolve.ts';

const READER = 'arn:aws:iam::123456789012:role/analyst';
const OPERATOR = 'arn:aws:iam::123456789012:user/operator';
const { template } = aStack({ lakeFormation: true, lakeFormationReaders: READER, lakeFormationOperators: OPERATOR });
const PLACE = { partition: 'aws', region: 'eu-west-1', account: '123456789012', stackName: 'runledger-prod' };
const resolved = resolve(template, PLACE);

interface Grant {
  readonly Principal: { readonly DataLakePrincipalIdentifier: string };
  readonly Permissions: readonly string[];
  readonly Resource: {
    readonly Catalog?: object;
    readonly Database?: { readonly Name: string };
    readonly Table?: { readonly DatabaseName: string; readonly Name?: string; readonly TableWildcard?: object };
  };
}

/** `PERMISSION on what` that a principal is granted. */
const grantsOf = (principal: RegExp): readonly string[] =>
  Object.values(resolved)
    .filter(({ Type }) => Type === 'AWS::LakeFormation::PrincipalPermissions')
    .map(({ Properties }) => Properties as unknown as Grant)
    .filter(({ Principal }) => principal.test(Principal.DataLakePrincipalIdentifier))
    .flatMap(({ Permissions, Resource }) => Permissions.map((permission) => `${permission} ${whatOf(Resource)}`))
    .sort();

function whatOf({ Catalog, Database, Table }: Grant['Resource']): string {
  if (Catalog !== undefined) return 'catalog';
  expect(Database?.Name ?? Table?.DatabaseName).toBe('runledger_prod');
  return Database !== undefined ? 'database' : (Table?.Name ?? 'tables');
}

const READ = ['DESCRIBE database', 'DESCRIBE tables', 'SELECT tables'];
const writing = (...tables: readonly string[]) =>
  tables.flatMap((table) => ['ALTER', 'DELETE', 'INSERT'].map((permission) => `${permission} ${table}`));

describe('where Lake Formation governs the database', () => {
  test.each([
    ['MigrateTables', ['CREATE_TABLE database', ...READ, 'ALTER tables']],
    ['CompactEvents', [...READ, ...writing('pipeline_logs')]],
    ['SummarizeRuns', [...READ, ...writing('pipeline_run_state', 'pipeline_steps', 'run_changes')]],
    ['AggregateMetrics', [...READ, ...writing('job_metrics')]],
    ['MaintainTables', [...READ, ...writing(...TABLES.map(({ name }) => name))]],
  ])('%s is granted what its statements do', (name, grants) => {
    expect(grantsOf(new RegExp(`role/runledger-prod-\\w+${name}`))).toEqual([...grants].sort());
  });

  test('every function that runs SQL is granted something', () => {
    const running = Object.entries(ledgerFunctions(template)).filter(
      ([, { Properties }]) => 'LEDGER_WORKGROUP' in variablesOf(Properties),
    );
    expect(running).toHaveLength(5);
    for (const [name] of running) expect(grantsOf(new RegExp(name))).not.toEqual([]);
  });

  test('a reader may read, and an operator rebuild beside the real tables', () => {
    expect(grantsOf(/analyst$/)).toEqual(READ);
    expect(grantsOf(/operator$/)).toEqual(['CREATE_DATABASE catalog', ...READ, ...writing('tables')].sort());
  });

  test('whoever is granted something may also ask Lake Formation for it', () => {
    const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      Object.entries(resourcesOf(template, type)).filter(([, { Properties }]) =>
        JSON.stringify(Properties.PolicyDocument).includes('lakeformation:GetDataAccess'),
      ),
    );
    expect(policies.map(([id]) => id.replace(/(Role\w+|[0-9A-F]{8})$/, '')).sort()).toEqual([
      'HistoryLaneAggregateMetrics',
      'HistoryLaneCompactEvents',
      'HistoryLaneMaintainTables',
      'HistoryLaneSummarizeRuns',
      'MigrationsMigrateTables',
      'OperatorPolicy',
      'ReaderPolicy',
    ]);
  });

  test('what the migration needs is granted before it, what needs its tables after it', () => {
    const [migration] = Object.entries(resourcesOf(template, 'Custom::LedgerTables'));
    const grants = Object.entries(resourcesOf(template, 'AWS::LakeFormation::PrincipalPermissions'));
    const before = grants.filter(([id]) => migration?.[1].DependsOn?.includes(id)).map(([id]) => id);
    const after = grants.filter(([, { DependsOn }]) => DependsOn?.includes(migration?.[0] ?? ''));
    expect(before).toHaveLength(2);
    for (const id of before) expect(id).toMatch(/MigrateTables/);
    expect(after).toHaveLength(grants.filter(([, { Properties }]) => nameOf(Properties) !== undefined).length);
    expect(after.length).toBeGreaterThan(0);
  });
});

test('elsewhere nothing of the stack knows Lake Formation', () => {
  expect(JSON.stringify(aStack().template.toJSON())).not.toMatch(/lakeformation/i);
});

const nameOf = (properties: Readonly<Record<string, unknown>>): string | undefined =>
  (properties as unknown as Grant).Resource.Table?.Name;
