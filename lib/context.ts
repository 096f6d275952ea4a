import type { Node } from 'constructs';
import type * as z from 'zod';
import { ranked } from '../core/nearest.ts';
import { OPTIONS } from './options.ts';

/** The options of a deployment. Every one has a default, so `cdk deploy` needs none. */
export type Options = Omit<
  { readonly [Name in keyof typeof OPTIONS]: z.output<(typeof OPTIONS)[Name]['schema']> },
  'stackName'
> & {
  readonly stackName: string;
};

/** What a Ledger takes: any of the options, as values of their types. */
export type LedgerProps = Partial<Omit<Options, 'stackName'>>;

/**
 * Reads the options from CDK context (`-c name=value`, or `context` in cdk.json). Throws one Error that names every
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
        problems.push(
          `${name}: expected ${expected}, but got ${JSON.stringify(given[name])}${ownMessage(result.error)}`,
        );
      return [name, result.data];
    }),
  ) as Options;
  if (problems.length === 0 && (read.slackWorkspaceId === undefined) !== (read.slackChannelId === undefined)) {
    problems.push('slackWorkspaceId, slackChannelId: expected both or neither, but got one of them');
  }
  if (problems.length > 0) {
    throw new Error(`options are wrong:\n${problems.map((each) => `  ${each}`).join('\n')}\n${advice}`);
  }
  return { ...read, stackName: read.stackName ?? `runledger-${read.environment}` };
}

/** CDK's own context: feature flags, look-ups, settings of the CLI. */
const isOfCdk = (key: string): boolean => /[:/@]/.test(key) || key === 'cli-telemetry' || key === 'tree-metadata';

/** The message of a check of ours. Zod's own messages only repeat what was expected. */
const ownMessage = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return issue?.code === 'custom' && issue.message !== 'Invalid input' ? `: ${issue.message}` : '';
};

/** Always one: a wrong option is an error either way, and a far guess still shows what options look like. */
const nearestOf = (wrong: string): string => ranked(wrong, Object.keys(OPTIONS))[0]?.word ?? 'environment';
