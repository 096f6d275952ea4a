import { Duration } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi as Api, HttpNoneAuthorizer, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import { acceptEnvironment, type Ingest } from './ingest.ts';
import type { Lake } from './lake.ts';
import { type LiveStore, liveEnvironment } from './live-store.ts';
import { grantFind } from './operator-policy.ts';
import { Page } from './page.ts';

export interface HttpApiProps {
  readonly options: Deployment;
  readonly stackArn: string;
  readonly lake: Lake;
  readonly ingest: Ingest;
  readonly live: LiveStore;
}

/**
 * The ledger over HTTP, for who cannot sign for AWS: events, and pings of anything that can fetch an address. The function
 * itself asks for a named token: an authorizer would be a second call of a function for each request, and would know
 * nothing that this one does not. One function answers every route
 * but those of the page, and its app knows which role each needs.
 */
export class HttpApi extends Construct {
  readonly serve: LedgerFunction;
  /** Attach it to who says who may call: it allows to create, list and revoke tokens. */
  readonly tokensPolicy: ManagedPolicy;
  /** The function that answers the page, where there is one. */
  readonly page: Page | undefined;
  /** Where callers send. */
  readonly url: string;
  private readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { options, stackArn, lake, ingest, live }: HttpApiProps) {
    super(scope, id);
    this.serve = new LedgerFunction(this, 'ServeHttp', {
      ...functionDefaults(options),
      handler: 'serve-http',
      description: 'Answers requests of the HTTP API: takes events and pings of callers with a token',
      environment: {
        ...liveEnvironment(live, options),
        ...acceptEnvironment(options),
        LEDGER_BUCKET: lake.bucket.bucketName,
        LEDGER_STREAM: ingest.stream.deliveryStreamName,
      },
      isTraced: false,
    });
    ingest.grantPut(this.serve.function);
    live.grantRead(this.serve.function);
    live.grantHttpApi(this.serve.function);
    // Whose a pipeline is, for tokens that are limited to owners.
    lake.grantReadPipelines(this.serve.function);

    this.tokensPolicy = new ManagedPolicy(this, 'TokensPolicy', {
      description: `Keeps the tokens of who may call the ledger ${options.stackName} over HTTP`,
    });
    grantFind(this.tokensPolicy, stackArn);
    live.grantTokens(this.tokensPolicy);
    lake.grantAct(this.tokensPolicy);

    const api = new Api(this, 'Api', {
      description: `Takes events and pings for the run ledger ${options.stackName}`,
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Serve', this.serve.function),
      defaultAuthorizer: new HttpNoneAuthorizer(),
    });
    const rateLimit = options.httpRequestsPerSecond;
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      // Cron fires many at the same second.
      throttle: { rateLimit, burstLimit: Math.min(2 * rateLimit, MAX_BURST) },
      accessLogSettings: {
        destination: new LogGroupLogDestination(new LogGroup(this, 'Requests', functionDefaults(options).logs)),
        format: REQUEST,
      },
    });
    this.page =
      options.page === false ? undefined : new Page(this, 'Page', { options, lake, live, api, stage: this.stage });
    this.url = api.apiEndpoint;
  }

  /** Requests that the ledger failed to answer: those answered with 5xx, by the function or for it. */
  metricFailures(): Metric {
    return this.stage.metricServerError({ statistic: 'Sum', period: Duration.minutes(15) });
  }
}

/** The quota of an account and a region. */
const MAX_BURST = 5_000;

/** Who asked for what, and how it was answered; tokens travel in headers, which are in no log. */
const REQUEST = AccessLogFormat.custom(
  JSON.stringify({
    request: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    ip: AccessLogField.contextIdentitySourceIp(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    agent: AccessLogField.contextIdentityUserAgent(),
    ms: AccessLogField.contextResponseLatency(),
    error: AccessLogField.contextIntegrationErrorMessage(),
  }),
);
