import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { readOptions } from '../../lib/context.ts';
import { LedgerStack } from '../../lib/stack.ts';
import { anApp, resourcesOf, variablesOf } from './a-stack.ts';

describe('two stacks in one account', () => {
  const app = anApp();
  const stacks = ['prod', 'test'].map((environment) => {
    const options = { ...readOptions(app.node), environment, stackName: `runledger-${environment}` };
    return new LedgerStack(app, options.stackName, { options });
  });
  const templates = stacks.map((each) => Template.fromStack(each));

  test('share no name that is fixed', () => {
    const [prod, test] = templates.map(fixedNames);
    expect(prod?.filter((name) => test?.includes(name))).toEqual([]);
    expect(prod).toEqual([
      'AWS::Athena::WorkGroup runledger-prod',
      'AWS::Glue::Database runledger_prod',
      expect.stringMatching(/^AWS::Scheduler::ScheduleGroup runledgerprod-/),
    ]);
  });

  test('stamp their own environment', () => {
    const stamps = templates.map((each) =>
      Object.values(resourcesOf(each, 'AWS::Lambda::Function')).flatMap(
        ({ Properties }) => variablesOf(Properties).LEDGER_ENVIRONMENT ?? [],
      ),
    );
    expect(stamps).toEqual([
      ['prod', 'prod', 'prod', 'prod'],
      ['test', 'test', 'test', 'test'],
    ]);
  });
});

/** Names given as text where CloudFormation would otherwise make one. */
function fixedNames(of: Template): readonly string[] {
  const resources = (
    of.toJSON() as { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> }
  ).Resources;
  return (
    Object.values(resources)
      .flatMap(({ Type, Properties = {} }) => {
        const database = (Properties.DatabaseInput as { Name?: unknown } | undefined)?.Name;
        const names = [...NAMES.map((name) => Properties[name]), database];
        return names.filter((name) => typeof name === 'string').map((name) => `${Type} ${name}`);
      })
      // The bus is named after the stack by the CDK; indexes are named within their table.
      .filter((name) => !name.startsWith('AWS::Events::EventBus'))
      .sort()
  );
}

const NAMES = [
  'BucketName',
  'FunctionName',
  'QueueName',
  'TopicName',
  'TableName',
  'RoleName',
  'ManagedPolicyName',
  'DeliveryStreamName',
  'LogGroupName',
  'DashboardName',
  'AlarmName',
  'ConfigurationName',
  'Name',
];
