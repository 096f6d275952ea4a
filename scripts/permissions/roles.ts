import type { Resource } from '../synthesize.ts';
import { type Place, resolve } from './resolve.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Conditions;
  readonly Principal?: unknown;
}

/** Operator → condition key → values of which one has to hold. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What a role or a policy that people attach may do, by logical id without the CDK's hash. */
export interface Holder {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** Policies that AWS keeps, by name. */
  readonly managed: readonly string[];
  /** Who may take the role; of a policy, nobody. */
  readonly trust: readonly Statement[];
}

/** Every role of the stack, and every policy for others, with references in their places. */
export function holdersOf(resources: Readonly<Record<string, Resource>>, place: Place): readonly Holder[] {
  const resolved = resolve(resources, place);
  const all = Object.entries(resources);
  const documentOf = (id: string): readonly Statement[] => resolved[id]?.Properties.PolicyDocument.Statement ?? [];
  const inline = (role: string) =>
    all
      .filter(
        ([, { Type, Properties }]) =>
          Type === 'AWS::IAM::Policy' && Properties.Roles?.some((each: { Ref?: string }) => each.Ref === role),
      )
      .flatMap(([id]) => documentOf(id));
  return all.flatMap(([id, { Type }]): readonly Holder[] => {
    const { Properties } = resolved[id] ?? {};
    if (Type === 'AWS::IAM::ManagedPolicy')
      return [{ name: withoutHash(id), statements: documentOf(id), managed: [], trust: [] }];
    if (Type !== 'AWS::IAM::Role') return [];
    return [
      {
        name: withoutHash(id),
        statements: inline(id),
        managed: (Properties.ManagedPolicyArns ?? []).map((arn: string) => arn.split(':policy/').at(-1)),
        trust: Properties.AssumeRolePolicyDocument.Statement,
      },
    ];
  });
}

export const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');
