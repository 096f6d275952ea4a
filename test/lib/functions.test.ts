import { describe, expect, test } from 'vitest';
import { aStack, ledgerFunctions, resourcesOf, variablesOf } from './a-stack.ts';

const { template } = aStack({ functionLogDays: 14 });
const functions = ledgerFunctions(template);

describe.each(Object.entries(functions))('%s', (_, { Properties, id }) => {
  test('runs on Node 24 and ARM, is traced, and logs JSON', () => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
      Description: expect.stringMatching(/\w/),
    });
  });

  test('has a log group of its own, kept as long as the context says', () => {
    const { LogGroup } = Properties.LoggingConfig as { LogGroup: { Ref: string } };
    const group = resourcesOf(template, 'AWS::Logs::LogGroup')[LogGroup.Ref];
    expect(group?.Properties).toEqual(expect.objectContaining({ RetentionInDays: 14 }));
    expect(group?.DeletionPolicy).toBe('Delete');
  });

  test('is given memory and a time limit on purpose, and no reserved concurrency, which new accounts do not have', () => {
    expect(Properties.MemorySize).toBeGreaterThanOrEqual(512);
    expect(Properties.Timeout).toBeGreaterThanOrEqual(60);
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(id).toMatch(/^[A-Za-z]+Function[0-9A-F]{8}$/);
  });

  test('is given the names of what it may use, and no name that is empty', () => {
    for (const value of Object.values(variablesOf(Properties))) expect(value).not.toBe('');
  });
});

test('there is one function for each handler', () => {
  expect(Object.keys(functions).sort()).toEqual([
    'AlertingNotify',
    'HistoryLaneAggregateMetrics',
    'HistoryLaneCompactEvents',
    'HistoryLaneMaintainTables',
    'HistoryLaneSummarizeRuns',
    'IngestAcceptEvents',
    'IngestReacceptFailed',
    'LiveLaneCheckDeadlines',
    'LiveLaneRecordSlots',
    'LiveLaneTrackRuns',
    'MigrationsMigrateTables',
    'RecoveryRecover',
  ]);
});

test('whatever else runs is the CDK’s own: the notifications of the bucket, and the provider of the migrations', () => {
  const ours = new Set(Object.values(functions).map(({ id }) => id));
  const others = Object.keys(resourcesOf(template, 'AWS::Lambda::Function')).filter((id) => !ours.has(id));
  expect(others.map((id) => id.replace(/[0-9A-Fa-f]{8,}$/, '')).sort()).toEqual([
    'BucketNotificationsHandler',
    'MigrationsProviderframeworkonEvent',
  ]);
});

test('live runs are kept as long as the logs keep their events: a late one must find the whole run', () => {
  const given = Object.values(ledgerFunctions(aStack({ logsKeptDays: 90 }).template)).flatMap(
    ({ Properties }) => variablesOf(Properties).LEDGER_LOGS_KEPT_DAYS ?? [],
  );
  expect(given).toHaveLength(9);
  expect(new Set(given)).toEqual(new Set(['90']));
});

test('every function that runs SQL, or needs the salt, waits for the migrations', () => {
  const [applied] = Object.keys(resourcesOf(template, 'Custom::LedgerTables'));
  const waiting = Object.entries(functions).filter(([, { DependsOn }]) => DependsOn?.includes(applied ?? ''));
  const runningSql = Object.entries(functions).filter(
    ([, { Properties }]) => 'LEDGER_WORKGROUP' in variablesOf(Properties),
  );
  expect(waiting.map(([name]) => name).sort()).toEqual(
    [...runningSql.map(([name]) => name), 'IngestAcceptEvents', 'IngestReacceptFailed']
      .filter((name) => name !== 'MigrationsMigrateTables')
      .sort(),
  );
  expect(waiting).toHaveLength(6);
});
