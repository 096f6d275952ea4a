import type { Command } from 'commander';
import { EXIT, Stop } from '../exit-code.ts';

/** Which deployed ledger is meant. */
export interface AwsTarget {
  readonly stack: string;
  readonly region?: string;
  readonly profile?: string;
}

/** The options as typed. */
interface AwsOptions {
  readonly aws?: true | undefined;
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** Those of another ledger, which do not go with `--aws`. */
interface OtherOptions {
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

const DEFAULT_STACK = 'runledger-prod';

/** The options that say that a ledger in an AWS account is meant; they may stand before or behind the command. */
export const withAwsTarget = (program: Command): Command =>
  program
    .option('--aws', 'the ledger that is deployed in an AWS account, with your own credentials')
    .option('--stack <name>', `with --aws: its stack (default: ${DEFAULT_STACK})`)
    .option('--region <region>', 'with --aws: its region (default: $AWS_REGION, or that of the profile)')
    .option('--profile <name>', 'with --aws: the profile whose credentials are used (default: $AWS_PROFILE)');

/** The deployed ledger that was typed; undefined when another one is meant. */
export function awsTargetOf({
  aws,
  stack,
  region,
  profile,
  data,
  url,
  token,
}: AwsOptions & OtherOptions): AwsTarget | undefined {
  if (!aws) {
    const stray = Object.entries({ stack, region, profile }).find(([, value]) => value !== undefined);
    if (stray !== undefined) throw new Stop(EXIT.usage, `--${stray[0]} goes with --aws, which is missing`);
    return undefined;
  }
  const other = Object.entries({ data, url, token }).find(([, value]) => value !== undefined);
  if (other !== undefined) throw new Stop(EXIT.usage, `expected --aws or --${other[0]}, but got both`);
  return {
    stack: stack ?? DEFAULT_STACK,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** The options again, as they were typed. */
export const awsOptionsOf = ({ aws, ...named }: AwsOptions): readonly string[] =>
  aws
    ? ['--aws', ...Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))]
    : [];
