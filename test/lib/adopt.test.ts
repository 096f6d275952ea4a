import { describe, expect, test } from 'vitest';
import { aStack, ledgerFunctions, resourcesOf, variablesOf } from './a-stack.ts';

const BUCKET = 'runledger-prod-lakebucket-1a2b3c';
const adopt = JSON.stringify({
  bucket: BUCKET,
  database: 'runledger_prod',
  table: 'runledger-prod-LiveStoreTable-1A2B',
});
const { template } = aStack({ adopt });
const KEPT = ['AWS::S3::Bucket', 'AWS::Glue::Database', 'AWS::DynamoDB::Table'];

describe('a stack that goes on with what an earlier one kept', () => {
  test('makes none of it again', () => {
    for (const type of KEPT) template.resourceCountIs(type, 0);
  });

  test('has every function use it', () => {
    const values = Object.values(ledgerFunctions(template)).map(({ Properties }) => variablesOf(Properties));
    const named = (name: string) => new Set(values.flatMap((each) => each[name] ?? []));
    expect(named('LEDGER_BUCKET')).toEqual(new Set([BUCKET]));
    expect(named('LEDGER_DATABASE')).toEqual(new Set(['runledger_prod']));
    expect(named('LEDGER_TABLE')).toEqual(new Set(['runledger-prod-LiveStoreTable-1A2B']));
  });

  test('names it in its outputs, where the command line looks', () => {
    template.hasOutput('BucketName', { Value: BUCKET });
    template.hasOutput('DatabaseName', { Value: 'runledger_prod' });
    template.hasOutput('TableName', { Value: 'runledger-prod-LiveStoreTable-1A2B' });
  });

  test('is told of its new objects, beside whatever else the bucket tells', () => {
    template.hasResourceProperties('Custom::S3BucketNotifications', { BucketName: BUCKET, Managed: false });
  });

  test('grants nothing of it that a stack of its own would not grant', () => {
    const grants = (context: Readonly<Record<string, unknown>>) =>
      ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
        .flatMap((type) => Object.entries(resourcesOf(aStack(context).template, type)))
        .map(([id, { Properties }]) => {
          const { Statement } = Properties.PolicyDocument as { readonly Statement: readonly { Action: unknown }[] };
          return { id, actions: Statement.map(({ Action }) => Action) };
        })
        .filter(({ id }) => !id.includes('BucketNotificationsHandler'));
    expect(grants({ adopt })).toEqual(grants({}));
  });
});

test('the bucket alone is enough: the tables and the live runs are made again from it', () => {
  const { template } = aStack({ adopt: { bucket: BUCKET } });
  expect(KEPT.map((type) => Object.keys(resourcesOf(template, type)).length)).toEqual([0, 1, 1]);
});

test('what is kept goes on to refuse requests without TLS', () => {
  const [policy] = Object.values(resourcesOf(aStack().template, 'AWS::S3::BucketPolicy'));
  expect(policy?.DeletionPolicy).toBe('RetainExceptOnCreate');
});
