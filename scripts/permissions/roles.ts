import type { Resource } from '../template.ts';
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
export function holdersOf(resources: readonly Resource[], place: Place): readonly Holder[] {
  const resolved = new Map(resolve(resources, place).map((each) => [each.id, each.Properties]));
  const documentOf = (id: string): readonly Statement[] => resolved.get(id)?.PolicyDocument.Statement ?? [];
  const inline = (role: string) =>
    resources
      .filter(
        ({ Type, Properties }) =>
          Type === 'AWS::IAM::Policy' && Properties.Roles?.some((each: { Ref?: string }) => each.Ref === role),
      )
      .flatMap(({ id }) => documentOf(id));
  return resources.flatMap(({ id, Type }): readonly Holder[] => {
    const name = withoutHash(id);
    if (Type === 'AWS::IAM::ManagedPolicy') return [{ name, statements: documentOf(id), managed: [], trust: [] }];
    if (Type !== 'AWS::IAM::Role') return [];
    const { ManagedPolicyArns = [], AssumeRolePolicyDocument } = resolved.get(id);
    const managed = ManagedPolicyArns.map((arn: string) => arn.split(':policy/').at(-1));
    return [{ name, statements: inline(id), managed, trust: AssumeRolePolicyDocument.Statement }];
  });
}

export const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');
