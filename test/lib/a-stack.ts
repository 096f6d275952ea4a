import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readOptions } from '../../lib/context.ts';
import { LedgerStack } from '../../lib/stack.ts';

export interface SynthesizedStack {
  readonly app: App;
  readonly stack: LedgerStack;
  readonly template: Template;
}

/** The stack as these context values make it. */
export function aStack(context: Readonly<Record<string, unknown>> = {}, app = anApp(context)): SynthesizedStack {
  const options = readOptions(app.node);
  const stack = new LedgerStack(app, options.stackName, { options });
  return { app, stack, template: Template.fromStack(stack) };
}

/** An app as the CDK runs it: with the settings of `cdk.json`, which change what is synthesised. */
export const anApp = (context: Readonly<Record<string, unknown>> = {}): App =>
  new App({ context: { ...SETTINGS, ...context } });

const SETTINGS: Readonly<Record<string, unknown>> = JSON.parse(readFileSync('cdk.json', 'utf8')).context;

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** Resources of a type, by logical id. */
export const resourcesOf = (template: Template, type: string): Readonly<Record<string, Resource>> =>
  template.findResources(type) as Record<string, Resource>;

/** Functions whose code is ours, by handler name: what `description` and env tell apart stays out of it. */
export function ledgerFunctions(template: Template): Readonly<Record<string, Resource & { readonly id: string }>> {
  const ours = Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).filter(
    ([, { Properties }]) => 'POWERTOOLS_SERVICE_NAME' in variablesOf(Properties),
  );
  return Object.fromEntries(
    ours.map(([id, resource]) => [id.replace(/Function[0-9A-F]{8}$/, ''), { id, ...resource }]),
  );
}

export const variablesOf = (properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
