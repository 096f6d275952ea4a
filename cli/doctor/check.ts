import { errorMessage } from '../../core/error-message.ts';

/** What was found of one link between a producer and an answer. */
export interface Finding {
  readonly link: string;
  /** `warn`: it works, or could not be checked, and a person should know. `fail`: something is lost, late or wrong. */
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do about it. */
  readonly todo?: string;
}

export type Result = Omit<Finding, 'link'>;

/** How one link is checked. `run` throws when it cannot be. */
export interface Check {
  readonly link: string;
  readonly run: () => Promise<Result | readonly Result[]>;
}

/** Results: all is well; a person should know, and what to do; something is broken, and what to do. */
export const ok = (found: string): Result => ({ verdict: 'ok', found });
export const warn = (found: string, todo: string): Result => ({ verdict: 'warn', found, todo });
export const fail = (found: string, todo: string): Result => ({ verdict: 'fail', found, todo });

/** Runs all checks at once; the findings stand in their order. `onError` makes a finding of a check that threw. */
export async function runChecks(
  checks: readonly Check[],
  onError: (error: unknown) => Result = (error) =>
    fail(errorMessage(error), 'fix what the message says, then check again'),
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    checks.map(async ({ link, run }) => {
      const results = await run().catch(onError);
      return ('verdict' in results ? [results] : results).map((each) => ({ link, ...each }));
    }),
  );
  return found.flat();
}
