import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type LogGroupProps, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, type ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import manifest from '../package.json' with { type: 'json' };
import { commandLine } from './command-line.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Options } from './options.ts';

export interface LedgerFunctionProps {
  /** The name of a file in `lambdas/`, without its extension; the file exports `handler`. */
  readonly handler: string;
  readonly description: string;
  /** The environment variables from which the handler reads its configuration. */
  readonly environment: Readonly<Record<string, string>>;
  /** Megabytes of memory; the processor's share grows with it. @default 512 */
  readonly memoryMb?: number;
  /** @default one minute */
  readonly timeout?: Duration;
  readonly logs: LogGroupProps;
}

/** Props that all functions of a stack share. */
export const functionDefaults = (options: Options): Pick<LedgerFunctionProps, 'logs'> => ({
  logs: { retention: options.functionLogDays as RetentionDays, removalPolicy: RemovalPolicy.DESTROY },
});

/** A function of the ledger: Node 24 on ARM, one ESM bundle that includes the SDK, JSON logs, traced. */
export class LedgerFunction extends Construct {
  readonly function: NodejsFunction;
  readonly handler: string;

  constructor(scope: Construct, id: string, props: LedgerFunctionProps) {
    super(scope, id);
    this.handler = props.handler;
    this.function = new NodejsFunction(this, 'Function', {
      entry: pathOf(`lambdas/${props.handler}.ts`),
      depsLockFilePath: pathOf('package-lock.json'),
      projectRoot: pathOf(''),
      handler: 'handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb ?? 512,
      timeout: props.timeout ?? Duration.minutes(1),
      tracing: Tracing.ACTIVE,
      environment: {
        ...props.environment,
        LEDGER_VERSION: manifest.version,
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: Stack.of(this).stackName,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      },
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // Lambda's line at start and end of each invocation adds nothing to its metrics.
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup: new LogGroup(this, 'Logs', props.logs),
      // AWS updates the SDK of the runtime without a deployment; a bundled SDK stays as it was tested.
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        bundleAwsSDK: true,
        minify: true,
        keepNames: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        sourcesContent: false,
        loader: { '.sql': 'text' },
        metafile: true,
        commandHooks: { beforeBundling: () => [], beforeInstall: () => [], afterBundling: shipLicenses },
        // CommonJS dependencies call `require`, which an ES module does not have.
        banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
      },
    });
  }

  /**
   * Calls the function on a schedule. A call that cannot be made within one period, or within six hours, is given up: the
   * next call does the same work, and delayed calls would do it several times.
   */
  callAt(schedule: ScheduleExpression, period: Duration, deadLetters: DeadLetters): void {
    new Schedule(this, 'Schedule', {
      schedule,
      target: new LambdaInvoke(this.function, {
        retryAttempts: 2,
        maxEventAge: period,
        deadLetterQueue: deadLetters.queue,
      }),
    });
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: shorter(period, LONGEST_EVENT_AGE) });
  }

  /** A metric that this function writes itself, over five minutes. */
  metric(metricName: string, statistic: 'Sum' | 'Maximum'): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: Stack.of(this).stackName },
      statistic,
      period: Duration.minutes(5),
    });
  }
}

/** "MaximumEventAgeInSeconds: maximum value of 21600" (API reference of PutFunctionEventInvokeConfig). */
const LONGEST_EVENT_AGE = Duration.hours(6);
const shorter = (a: Duration, b: Duration): Duration => (a.toSeconds() < b.toSeconds() ? a : b);

/** The command that puts the licenses of what is bundled beside the bundle, in place of esbuild's metafile. */
const shipLicenses = (_input: string, output: string): string[] => [
  commandLine([process.execPath, pathOf('scripts/ship-licenses.ts'), output]),
];

/** The CloudWatch namespace of the functions' own metrics. Their dimension `service` is the stack's name. */
export const METRICS_NAMESPACE = 'Runledger';

/** The absolute path of a file of this repository, whatever folder the CDK runs in. */
export const pathOf = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
