import type { Conditions, Statement } from '../../scripts/permissions/roles.ts';

/** What IAM is asked: may this action be done on this resource, where these condition keys have these values? */
export interface Check {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export type Verdict = 'allowed' | 'denied' | 'not allowed';

/**
 * What IAM answers by the policies of one role (IAM User Guide, "Policy evaluation logic", within one account): a
 * matching Deny wins, else a matching Allow is needed. Throws on what these policies do not use, instead of guessing.
 */
export function evaluate(statements: readonly Statement[], check: Check): Verdict {
  const matching = statements.filter(
    ({ Action, Resource, Condition = {} }) =>
      [Action].flat().some((pattern) => like(pattern.toLowerCase(), check.action.toLowerCase())) &&
      [Resource].flat().some((pattern) => like(pattern, check.resource)) &&
      holds(Condition, check.context),
  );
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return matching.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'not allowed';
}

/** All operators and all their keys have to hold; of the values of a key, one has to match. */
const holds = (conditions: Conditions, context: Check['context']): boolean =>
  Object.entries(conditions).every(([operator, keys]) => {
    const test = OPERATORS[operator];
    if (test === undefined)
      throw new Error(`expected a condition operator that is known, but got ${operator}; teach evaluate.ts`);
    return Object.entries(keys).every(([key, values]) => test([values].flat(), context[key]));
  });

type Operator = (patterns: readonly string[], values: readonly string[] | undefined) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: (patterns, values) => values?.some((value) => patterns.includes(value)) ?? false,
  StringNotEquals: (patterns, values) => values === undefined || !values.some((value) => patterns.includes(value)),
  ArnLike: (patterns, values) => values?.some((value) => patterns.some((pattern) => like(pattern, value))) ?? false,
  ArnEquals: (patterns, values) => values?.some((value) => patterns.some((pattern) => like(pattern, value))) ?? false,
  // "ForAllValues … also returns true if there are no keys in the request" (IAM User Guide).
  'ForAllValues:StringLike': (patterns, values = []) =>
    values.every((value) => patterns.some((pattern) => like(pattern, value))),
};

/** `*` is any text, `?` any one character. */
function like(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}
