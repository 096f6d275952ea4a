import { type Limits, limitsShown } from './limits.ts';

/** A token that is limited may not do this: what was expected, what came, and what to do. */
export class NotTheirsError extends Error {
  override readonly name = 'NotTheirsError';
}

/** To a limited token there is no such thing, whether there is one or not. */
export class NotFoundForThemError extends Error {
  override readonly name = 'NotFoundForThemError';
}

/** What is of all, for a token that is limited. `why`: what keeps it from being answered in part. */
export const ofAll = (limits: Limits, why: string): NotTheirsError =>
  new NotTheirsError(
    `expected a token without limits, but got one that is limited to ${limitsShown(limits)}: ${why}; use another token`,
  );
