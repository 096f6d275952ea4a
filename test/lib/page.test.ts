import { describe, expect, test } from 'vitest';
import { PAGE_VIEWS } from '../../core/token/page-paths.ts';
import { aStack, ledgerFunctions, resourcesOf, variablesOf } from './a-stack.ts';

const { template } = aStack({ httpApi: true, page: true });
const serve = ledgerFunctions(template).HttpApiPageServePage;
const routesOf = (of: typeof template) =>
  Object.values(resourcesOf(of, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties);
const keysOf = (of: typeof template, type: string) =>
  routesOf(of)
    .filter(({ AuthorizationType }) => AuthorizationType === type)
    .map(({ RouteKey }) => RouteKey);

const PUBLIC = [
  ...['GET /', 'GET /assets/{name}', 'GET /api/session'],
  ...PAGE_VIEWS.flatMap((view) => [`GET /${view}`, `GET /${view}/{proxy+}`]),
];
const GUARDED = ['ANY /api/{proxy+}', 'POST /api/session', 'GET /api/questions/{name}', 'GET /query', 'POST /query'];

describe('with page', () => {
  test('a function of its own answers the page and what it asks; events and pings stay where they were', () => {
    expect(keysOf(template, 'NONE').sort()).toEqual(['$default', ...PUBLIC, ...GUARDED].sort());
    const integrations = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Integration'));
    expect(integrations).toHaveLength(2);
    template.hasOutput('PageUrl', {});
  });

  test('attempts to sign in and questions are bounded below what the API lets in, once there are their routes', () => {
    const [stage] = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'));
    const few = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20 };
    expect(stage?.Properties.RouteSettings).toEqual(
      Object.fromEntries(GUARDED.filter((key) => !key.startsWith('ANY')).map((key) => [key, few])),
    );
    const routes = (stage?.DependsOn ?? []).filter((id) => resourcesOf(template, 'AWS::ApiGatewayV2::Route')[id]);
    expect(routes).toHaveLength(4);
  });

  test('the function is told where to read and what bounds a question, and gives up when API Gateway does', () => {
    expect(variablesOf(serve?.Properties ?? {})).toMatchObject({
      LEDGER_SCAN_LIMIT_BYTES: '100000000000',
      LEDGER_ENVIRONMENT: 'prod',
      LEDGER_WHERE: { 'Fn::Join': ['', ['stack runledger-prod in ', { Ref: 'AWS::Region' }]] },
    });
    expect(variablesOf(serve?.Properties ?? {})).not.toHaveProperty('LEDGER_JWT');
    expect(serve?.Properties).toMatchObject({ Timeout: 30, MemorySize: 1024 });
  });

  test('it reads, and writes decisions, sessions and nothing else', () => {
    const policies = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('HttpApiPageServePage'),
    );
    const statements = policies.flatMap(
      ([, { Properties }]) =>
        (
          Properties.PolicyDocument as {
            Statement: { Action: string | string[]; Resource: unknown; Condition?: unknown }[];
          }
        ).Statement,
    );
    const writes = statements.filter(({ Action }) =>
      [Action]
        .flat()
        .some((action) => /:(Put|Update|Delete|Create|Batch[A-Z]\w*Write|Invoke|Send|Publish)/.test(action)),
    );
    const what = writes.map(({ Action, Resource, Condition }) => [
      [Action]
        .flat()
        .filter((action) => /Put|Update|Delete/.test(action))
        .sort(),
      (JSON.stringify(Condition)?.match(/[a-z]+#\*/g) ?? JSON.stringify(Resource).match(/"\/[\w/.*-]+"/g) ?? []).map(
        (each) => each.replaceAll(/"|^"\/|\/$/g, ''),
      ),
    ]);
    expect(what).toEqual(
      expect.arrayContaining([
        [['dynamodb:PutItem'], ['incident#*', 'watch#*']],
        [['dynamodb:DeleteItem', 'dynamodb:PutItem'], ['session#*']],
      ]),
    );
    const folders = new Set(what.flatMap(([, places]) => places).filter((place) => place?.startsWith('/')));
    expect([...folders].sort()).toEqual(
      ['/acts/*', '/incidents/*', '/rejected/*', '/results/*', '/settings/silences.json'].sort(),
    );
  });
});

describe('with a JWT', () => {
  const jwt = { issuer: 'https://login.example.com/', audience: ['runledger'], operators: 'data-platform' };
  const { template: withJwt } = aStack({ httpApi: true, page: jwt });

  test('API Gateway checks it for everything that holds data, and the page itself stays public', () => {
    expect(keysOf(withJwt, 'JWT').sort()).toEqual([...GUARDED].sort());
    expect(keysOf(withJwt, 'NONE').sort()).toEqual(['$default', ...PUBLIC].sort());
    withJwt.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: jwt.issuer, Audience: jwt.audience },
    });
  });

  test('the function is told who may operate', () => {
    const page = ledgerFunctions(withJwt).HttpApiPageServePage;
    expect(variablesOf(page?.Properties ?? {}).LEDGER_JWT).toBe('{"operators":"data-platform"}');
  });
});

test('where Lake Formation governs, the page may read there too', () => {
  const governed = aStack({ httpApi: true, page: true, lakeFormation: true }).template;
  expect(JSON.stringify(resourcesOf(governed, 'AWS::LakeFormation::PrincipalPermissions'))).toContain(
    'HttpApiPageServePage',
  );
});

test('without it nothing of it is made', () => {
  expect(JSON.stringify(aStack({ httpApi: true }).template.toJSON())).not.toContain('ServePage');
});
