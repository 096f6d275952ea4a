import * as z from 'zod';
import type { PipelineKey } from '../ports/pipeline-watches.ts';

/** What a token is limited to. Where both are given, both must hold; what is missing limits nothing. */
export interface Limits {
  /** Pipelines of these owners alone. A pipeline without an owner is nobody's. */
  readonly owners?: readonly string[];
  /** Pipelines in these environments alone. */
  readonly environments?: readonly string[];
}

/** A name of an owner or an environment: one line of text, as events have it. */
const limitName = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && text.trim() === text && !/\p{Cc}/u.test(text));

/** Limits as they are kept: never an empty list, which could be read as none or as all. */
export const limitsShape = {
  owners: z.exactOptional(z.array(limitName).min(1).readonly()),
  environments: z.exactOptional(z.array(limitName).min(1).readonly()),
};

export const isLimitName = (text: string): boolean => limitName.safeParse(text).success;

/** The limits of a token; undefined when it has none. */
export function limitsOf({ owners, environments }: Limits): Limits | undefined {
  if (owners === undefined && environments === undefined) return undefined;
  return { ...(owners && { owners }), ...(environments && { environments }) };
}

/** A text for each limits, and for each limits that differ another one. */
export const limitsKey = ({ owners, environments }: Limits): string =>
  JSON.stringify([owners ? [...owners].sort() : null, environments ? [...environments].sort() : null]);

/** For people: `team-a, prod`. */
export const limitsShown = ({ owners = [], environments = [] }: Limits): string =>
  [...owners, ...environments].join(', ');

/** Whether the environment is among the limits. */
export const isInEnvironments = ({ environments }: Limits, environment: string): boolean =>
  environments === undefined || environments.includes(environment);

/**
 * Whether a pipeline is within the limits. `owner`: whose it is now; null: it has none; undefined: there is no such
 * pipeline.
 */
export const isWithin = (limits: Limits, { environment }: PipelineKey, owner: string | null | undefined): boolean =>
  isInEnvironments(limits, environment) &&
  (limits.owners === undefined || (typeof owner === 'string' && limits.owners.includes(owner)));
