import * as z from 'zod';

/** The names of a ledger's resources and its settings: a function's own environment, or a record with the same names. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A setting that must be there. Throws when it is not, or empty. */
export function setting(env: Env, name: string): string {
  const result = z.string().min(1).safeParse(env[name]);
  if (result.success) return result.data;
  throw new Error(
    `expected the environment variable ${name}, but got ${env[name] === undefined ? 'none' : 'an empty one'}; deploy the stack again`,
  );
}

/** A setting that is a number of days. */
export const daysOf = (env: Env, name: string): number => z.coerce.number().int().positive().parse(setting(env, name));
