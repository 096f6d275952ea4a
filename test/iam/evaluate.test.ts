import { describe, expect, test } from 'vitest';
import type { Statement } from '../../scripts/permissions/roles.ts';
import { evaluate } from './evaluate.ts';

const allow = (rest: Partial<Statement>): Statement => ({ Effect: 'Allow', Action: '*', Resource: '*', ...rest });
const deny = (rest: Partial<Statement>): Statement => ({ ...allow(rest), Effect: 'Deny' });
const ask = (statements: readonly Statement[], over: Partial<Parameters<typeof evaluate>[1]> = {}) =>
  evaluate(statements, { action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/raw/a', context: {}, ...over });

describe('an action and its resource', () => {
  test.each([
    ['nothing is granted', [], 'not allowed'],
    ['both match', [allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/raw/*' })], 'allowed'],
    ['one of several matches', [allow({ Action: ['s3:PutObject', 's3:Get*'] })], 'allowed'],
    ['the action matches in another case', [allow({ Action: 'S3:getobject' })], 'allowed'],
    ['the resource matches in another case only', [allow({ Resource: 'arn:aws:s3:::Bucket/raw/a' })], 'not allowed'],
    ['the action is another', [allow({ Action: 's3:GetObjectVersion' })], 'not allowed'],
    ['the folder is another', [allow({ Resource: 'arn:aws:s3:::bucket/tables/*' })], 'not allowed'],
    ['a dot is a dot', [allow({ Resource: 'arn.aws:s3:::bucket/raw/a' })], 'not allowed'],
    ['? is one character', [allow({ Resource: 'arn:aws:s3:::bucket/raw/?' })], 'allowed'],
    ['two statements match half each', [allow({ Action: 's3:Put*' }), allow({ Resource: 'x' })], 'not allowed'],
    ['a Deny matches too', [allow({}), deny({ Action: 's3:*' })], 'denied'],
    ['a Deny of something else stands beside it', [allow({}), deny({ Action: 's3:DeleteObject' })], 'allowed'],
  ] as const)('%s', (_, statements, verdict) => {
    expect(ask(statements)).toBe(verdict);
  });
});

describe('conditions', () => {
  const keys = (...patterns: readonly string[]) =>
    allow({ Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } } });
  const naming = (...values: readonly string[]) => ({ context: { 'dynamodb:LeadingKeys': values } });

  test('every key of a request has to match one of the patterns', () => {
    expect(ask([keys('run#*', 'tally')], naming('run#1', 'tally', 'run#2'))).toBe('allowed');
    expect(ask([keys('run#*', 'tally')], naming('run#1', 'notified#x'))).toBe('not allowed');
  });

  test('a request that names no key passes ForAllValues, as it does in IAM', () => {
    expect(ask([keys('run#*')])).toBe('allowed');
  });

  test('StringEquals needs the key, StringNotEquals holds without it', () => {
    const here = { StringEquals: { 'aws:SourceAccount': '1' } };
    const elsewhere = { StringNotEquals: { 'aws:SourceAccount': '1' } };
    const from = (account: string) => ({ context: { 'aws:SourceAccount': [account] } });
    expect([ask([allow({ Condition: here })], from('1')), ask([allow({ Condition: here })], from('2'))]).toEqual([
      'allowed',
      'not allowed',
    ]);
    expect(ask([allow({ Condition: here })])).toBe('not allowed');
    expect(ask([allow({}), deny({ Condition: elsewhere })], from('1'))).toBe('allowed');
    expect(ask([allow({}), deny({ Condition: elsewhere })], from('2'))).toBe('denied');
    expect(ask([allow({}), deny({ Condition: elsewhere })])).toBe('denied');
  });

  test('all conditions have to hold', () => {
    const Condition = {
      StringEquals: { 'aws:SourceAccount': '1' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::bucket*' },
    };
    const context = { 'aws:SourceAccount': ['1'], 'aws:SourceArn': ['arn:aws:s3:::bucket-1'] };
    expect(ask([allow({ Condition })], { context })).toBe('allowed');
    expect(ask([allow({ Condition })], { context: { ...context, 'aws:SourceArn': ['arn:aws:s3:::other'] } })).toBe(
      'not allowed',
    );
  });

  test('an operator that is not known is an error, not a guess', () => {
    expect(() => ask([allow({ Condition: { IpAddress: { 'aws:SourceIp': '1.2.3.4' } } })])).toThrow('IpAddress');
  });
});
