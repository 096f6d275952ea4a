import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi as Api, CfnStage, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpMethod, HttpNoneAuthorizer, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { PAGE_VIEWS } from '../core/token/page-paths.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import { engineEnvironment, type Lake } from './lake.ts';
import { type LiveStore, liveEnvironment } from './live-store.ts';

export interface PageProps {
  readonly options: Deployment;
  readonly lake: Lake;
  readonly live: LiveStore;
  readonly api: Api;
  readonly stage: HttpStage;
}

/** Attempts to sign in, and questions that Athena is asked: fewer than a page asks, more than people do. */
const FEW = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20 };

/**
 * The page for people, behind the HTTP API: a function of its own, whose role reads the ledger and writes what people decide.
 * The page is public and holds nothing; what it shows is asked for with a session, or with a JWT that API Gateway checks.
 */
export class Page extends Construct {
  readonly serve: LedgerFunction;

  constructor(scope: Construct, id: string, { options, lake, live, api, stage }: PageProps) {
    super(scope, id);
    const jwt = typeof options.page === 'object' ? options.page : undefined;
    const { stackName } = Stack.of(this);
    this.serve = new LedgerFunction(this, 'ServePage', {
      ...functionDefaults(options),
      handler: 'serve-page',
      description: 'Answers requests of the page: reads the ledger, and writes what people decide',
      environment: {
        ...liveEnvironment(live, options),
        ...engineEnvironment(lake),
        LEDGER_ENVIRONMENT: options.environment,
        LEDGER_WHERE: `stack ${stackName} in ${Aws.REGION}`,
        LEDGER_SCAN_LIMIT_BYTES: String(lake.scanLimitBytes),
        ...(jwt && { LEDGER_JWT: JSON.stringify({ operators: jwt.operators }) }),
      },
      memoryMb: 1024,
      // API Gateway waits no longer.
      timeout: Duration.seconds(30),
      isTraced: false,
    });
    const { function: serve } = this.serve;
    live.grantRead(serve);
    live.grantIncidents(serve);
    live.grantReadRecoveries(serve);
    live.grantSessions(serve);
    lake.grantRead(serve);
    lake.grantDecideFromPage(serve);

    const integration = new HttpLambdaIntegration('Page', serve);
    const open = new HttpNoneAuthorizer();
    const guarded =
      jwt === undefined ? open : new HttpJwtAuthorizer('Jwt', jwt.issuer, { jwtAudience: [...jwt.audience] });
    const route = (method: HttpMethod, path: string, authorizer: HttpNoneAuthorizer | HttpJwtAuthorizer = open) =>
      new HttpRoute(this, `${method} ${path.replaceAll('/', '|')}`, {
        httpApi: api,
        routeKey: HttpRouteKey.with(path, method),
        integration,
        authorizer,
      });
    // The page itself, and whether its reader is signed in.
    for (const path of [
      '/',
      '/assets/{name}',
      '/api/session',
      ...PAGE_VIEWS.flatMap((each) => [`/${each}`, `/${each}/{proxy+}`]),
    ])
      route(HttpMethod.GET, path);
    route(HttpMethod.ANY, '/api/{proxy+}', guarded);
    const bounded = [
      [HttpMethod.POST, '/api/session'],
      [HttpMethod.GET, '/api/questions/{name}'],
      [HttpMethod.GET, '/query'],
      [HttpMethod.POST, '/query'],
    ] as const;
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.routeSettings = Object.fromEntries(bounded.map(([method, path]) => [`${method} ${path}`, FEW]));
    // A stage can bound only routes that there are.
    for (const [method, path] of bounded) cfnStage.node.addDependency(route(method, path, guarded));
  }
}
