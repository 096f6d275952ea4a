import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaveOutNotEmulated } from './not-emulated.ts';
import { runToEnd } from './process.ts';

/** The stack's outputs, by name. */
export type Outputs = Readonly<Record<OutputName, string>>;
export type OutputName =
  | 'BucketName'
  | 'DatabaseName'
  | 'WorkgroupName'
  | 'StreamName'
  | 'TableName'
  | 'BusName'
  | 'MailTopicArn'
  | 'ChatTopicArn'
  | 'ReaderPolicyArn'
  | 'ResponderPolicyArn'
  | 'OperatorPolicyArn'
  | 'HttpApiUrl'
  | 'TokensPolicyArn';

export interface DeployOptions {
  readonly awsUrl: string;
  /** Where the CDK writes what it synthesises. */
  readonly folder: string;
  /** The checkout that is deployed. Default: this one. */
  readonly checkout?: string;
  /** Of the ledger, and so of its stack. Default: prod, without any input. */
  readonly environment?: string;
  /** Further options, by name. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Options of the stack that the tests share: all that is opt-in, and needs nothing that the emulator has not. */
export const SHARED_OPTIONS = { httpApi: 'true', page: 'true' } as const;

/** A custom resource that hangs would hold the CDK up for an hour. */
const LIMIT_MS = 240_000;

/** Prepares the account for the CDK, as a person does once. */
export async function bootstrap(options: DeployOptions): Promise<void> {
  // Without an app: nothing has to be synthesised for it.
  await cdk(options, ['bootstrap', 'aws://000000000000/us-east-1', '--app', '']);
}

/** `cdk deploy`, without any input but the options that are given; without what the emulator cannot make. */
export async function deploy(options: DeployOptions): Promise<Outputs> {
  mkdirSync(options.folder, { recursive: true });
  const file = join(options.folder, 'outputs.json');
  const { environment } = options;
  const given = { ...(environment === undefined ? {} : { environment }), ...options.options };
  const context = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await cdk(options, ['synth', '--quiet', ...context]);
  const app = join(options.folder, 'cdk.out');
  leaveOutNotEmulated(app);
  await cdk(options, ['deploy', '--app', app, '--require-approval', 'never', '--outputs-file', file]);
  const stacks = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Outputs>>;
  const outputs = stacks[`runledger-${environment ?? 'prod'}`];
  if (outputs === undefined) throw new Error(`expected the outputs of one stack, found ${Object.keys(stacks)}`);
  return outputs;
}

const cdk = ({ awsUrl, folder, checkout = process.cwd() }: DeployOptions, args: readonly string[]): Promise<string> =>
  runToEnd({
    command: process.execPath,
    args: [join('node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--no-notices', '--output', join(folder, 'cdk.out')],
    cwd: checkout,
    env: {
      ...credentials,
      AWS_ENDPOINT_URL: awsUrl,
      // The CDK uploads to addresses of its own making otherwise.
      AWS_ENDPOINT_URL_S3: awsUrl,
      // It would call home, and wait for an answer.
      CDK_DISABLE_VERSION_CHECK: '1',
      CDK_DISABLE_CLI_TELEMETRY: '1',
      CI: '1',
    },
    limitMs: LIMIT_MS,
  });

/** What the emulated AWS takes for a signature. */
export const credentials = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
} as const;
