import { describe, expect, test } from 'vitest';
import { aStack, ledgerFunctions, resourcesOf, variablesOf } from './a-stack.ts';

const { template } = aStack({ httpApi: true, httpRequestsPerSecond: 100 });
const serve = ledgerFunctions(template).HttpApiServeHttp;
const only = (type: string) => Object.values(resourcesOf(template, type))[0]?.Properties;

describe('with httpApi', () => {
  test('one function answers every route, and asks for the token itself', () => {
    expect(only('AWS::ApiGatewayV2::Api')).toMatchObject({ ProtocolType: 'HTTP' });
    expect(
      Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties),
    ).toEqual([expect.objectContaining({ RouteKey: '$default', AuthorizationType: 'NONE' })]);
    expect(only('AWS::ApiGatewayV2::Integration')).toMatchObject({
      IntegrationUri: { 'Fn::GetAtt': [serve?.id, 'Arn'] },
      PayloadFormatVersion: '2.0',
    });
    template.hasOutput('HttpApiUrl', {});
  });

  test('requests are bounded before they reach it, and each is one line of a log that is kept as the others are', () => {
    const { AccessLogSettings, ...stage } = only('AWS::ApiGatewayV2::Stage') ?? {};
    expect(stage).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    });
    const { DestinationArn, Format } = AccessLogSettings as {
      DestinationArn: { 'Fn::GetAtt': [string] };
      Format: string;
    };
    const log = resourcesOf(template, 'AWS::Logs::LogGroup')[DestinationArn['Fn::GetAtt'][0]];
    expect(log?.Properties.RetentionInDays).toBe(30);
    expect(Format).not.toMatch(/header|authorization|query/i);
  });

  test('no burst passes what an account may have', () => {
    aStack({ httpApi: true, httpRequestsPerSecond: 10_000 }).template.hasResourceProperties(
      'AWS::ApiGatewayV2::Stage',
      {
        DefaultRouteSettings: { ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5_000 },
      },
    );
  });

  test('the function is told the stream, the table and the bucket, and how lines are accepted', () => {
    const names = Object.keys(variablesOf(serve?.Properties ?? {})).filter((name) => name.startsWith('LEDGER_'));
    expect(names.sort()).toEqual([
      'LEDGER_BUCKET',
      'LEDGER_ENVIRONMENT',
      'LEDGER_KEEP_USER_EMAIL',
      'LEDGER_LOGS_KEPT_DAYS',
      'LEDGER_MASK_PATTERNS',
      'LEDGER_STREAM',
      'LEDGER_TABLE',
      'LEDGER_VERSION',
      'LEDGER_ZONE',
    ]);
    expect(serve?.Properties.TracingConfig).toBeUndefined();
  });

  test('of the bucket it reads the file of pipelines, which says whose they are, and nothing else', () => {
    const [policy] = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).flatMap(([id, { Properties }]) =>
      id.startsWith('HttpApiServeHttp')
        ? [Properties.PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] }]
        : [],
    );
    const ofS3 = (policy?.Statement ?? []).filter(({ Action }) => JSON.stringify(Action).includes('s3:'));
    expect(ofS3.map(({ Action }) => Action).sort()).toEqual(['s3:GetObject', 's3:ListBucket']);
    const [read] = ofS3.filter(({ Action }) => Action === 's3:GetObject');
    expect(JSON.stringify(read?.Resource)).toContain('/settings/pipelines.json');
  });

  test('it finds tokens and changes none; a policy of its own keeps them', () => {
    const rights = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      Object.entries(resourcesOf(template, type)).flatMap(([id, { Properties }]) => {
        const { Statement } = Properties.PolicyDocument as {
          Statement: { Action: string | string[]; Condition?: object }[];
        };
        const onTokens = Statement.filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes('token#'));
        return onTokens.map(
          ({ Action }) => [id.replace(/(RoleDefaultPolicy)?[0-9A-F]{8}$/, ''), [Action].flat()] as const,
        );
      }),
    );
    expect(Object.fromEntries(rights)).toEqual({
      HttpApiServeHttp: ['dynamodb:GetItem'],
      HttpApiTokensPolicy: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    });
  });

  test('an alarm rings when requests fail again and again', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: '5xx', EvaluationPeriods: 2, Threshold: 0 });
  });
});

test('without it nothing of it is made, and nobody has a right on tokens', () => {
  const text = JSON.stringify(aStack().template.toJSON());
  expect(text).not.toContain('AWS::ApiGatewayV2');
  expect(text).not.toContain('token#');
});
