/** What was found of one link between a producer and an answer. */
export interface Check {
  readonly link: string;
  /** `warn`: it works, or could not be looked at, and somebody should know. `fail`: something is lost, late or wrong. */
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do about it. */
  readonly todo?: string;
}

type Rest = Omit<Check, 'link'>;

/** A link and the look at it; the look throws when it cannot be taken. */
export interface Link {
  readonly link: string;
  readonly look: () => Promise<Rest | readonly Rest[]>;
}

export const ok = (found: string): Rest => ({ verdict: 'ok', found });
export const warn = (found: string, todo: string): Rest => ({ verdict: 'warn', found, todo });
export const fail = (found: string, todo: string): Rest => ({ verdict: 'fail', found, todo });

/** Looks at all links at once; what is found stands in their order. `unseen` makes a finding of a look that failed. */
export async function examineLinks(
  links: readonly Link[],
  unseen: (error: unknown) => Rest = (error) => fail(messageOf(error), 'mend what the message says, then look again'),
): Promise<readonly Check[]> {
  const found = await Promise.all(
    links.map(async ({ link, look }) => {
      const findings = await look().catch(unseen);
      return ('verdict' in findings ? [findings] : findings).map((each) => ({ link, ...each }));
    }),
  );
  return found.flat();
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
