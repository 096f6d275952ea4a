import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Node } from 'constructs';
import type * as z from 'zod';
import { ranked } from '../core/nearest.ts';
import { PAIRS } from './option-pairs.ts';
import { OPTIONS, type Options } from './options.ts';

/** The options that somebody gave are wrong. The message says it all: it is shown without where it was thrown. */
export class WrongOptionsError extends Error {
  override readonly name = 'WrongOptionsError';
}

/** What a Ledger takes: any of the options, as values of their types. */
export interface LedgerProps extends Partial<Omit<Options, 'stackName'>> {
  /**
   * The key under which everything lies, in place of `kmsKeyArn`. One of the same app is told which services use it; the
   * owner of another one adds them to its policy.
   */
  readonly encryptionKey?: IKey;
}

/**
 * Reads the options from CDK context (`-c name=value`, or `context` in cdk.json). Throws one WrongOptionsError that names every
 * wrong value with "expected X, but got Y", and every unknown name with the nearest option.
 */
export function readOptions(node: Node): Options {
  const context = node.getAllContext() as Readonly<Record<string, unknown>>;
  const given = Object.fromEntries(Object.entries(context).filter(([name]) => !isOfCdk(name)));
  return optionsOf(given, 'Give them as -c name=value, or in cdk.json under "context"; docs/operations.md lists them.');
}

/** These values with the defaults of the others. Throws as `readOptions` does; `advice` says where values are given. */
export function optionsOf(given: Readonly<Record<string, unknown>>, advice: string): Options {
  const problems: string[] = [];
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(OPTIONS, name)) continue;
    problems.push(
      `${name}: expected one of the options, but there is none of this name; did you mean ${nearestOf(name)}?`,
    );
  }
  const read = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { schema, expected }]) => {
      const result = schema.safeParse(given[name]);
      if (!result.success)
        problems.push(`${name}: expected ${expected}, but got ${excerptOf(given[name])}${ownMessage(result.error)}`);
      return [name, result.data];
    }),
  ) as Options;
  if (problems.length === 0)
    problems.push(
      ...PAIRS.filter(({ fits }) => !fits(read)).map(({ names, expected }) => `${names.join(', ')}: ${expected}`),
    );
  if (problems.length > 0) {
    throw new WrongOptionsError(`options are wrong:\n${problems.map((each) => `  ${each}`).join('\n')}\n${advice}`);
  }
  return { ...read, stackName: read.stackName ?? `runledger-${read.environment}` };
}

/** A wrong value may be kilobytes of patterns. */
const excerptOf = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}…` : text;
};
const MAX_EXCERPT = 200;

/** CDK's own context: feature flags, look-ups, settings of the CLI. */
const isOfCdk = (key: string): boolean => /[:/@]/.test(key) || key === 'cli-telemetry' || key === 'tree-metadata';

/** The message of a check of ours. Zod's own messages only repeat what was expected. */
const ownMessage = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return issue?.code === 'custom' && issue.message !== 'Invalid input' ? `: ${issue.message}` : '';
};

/** Always one: a wrong option is an error either way, and a far guess still shows what options look like. */
const nearestOf = (wrong: string): string => ranked(wrong, Object.keys(OPTIONS))[0]?.word ?? 'environment';
