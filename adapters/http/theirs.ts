import type { Context } from 'hono';
import { ofAll } from '../../core/token/limit-errors.ts';
import { type Limits, limitsKey } from '../../core/token/limits.ts';
import { callerLimitsOf } from './caller.ts';

/** Makes what the holders of tokens with these limits get. */
export type LimitedTo<T> = (limits: Limits) => T;

/** What the caller of a request gets: the whole, or what is theirs. */
export type Theirs<T> = (c: Context) => T;

/**
 * What each caller gets: who has no limits the whole, others what `limitedTo` makes, once for each limits. Where nothing
 * makes it, a limited caller is refused.
 */
export function theirsOf<T>(whole: T, limitedTo: LimitedTo<T> | undefined): Theirs<T> {
  const made = new Map<string, T>();
  return (c) => {
    const limits = callerLimitsOf(c);
    if (limits === undefined) return whole;
    if (limitedTo === undefined) throw ofAll(limits, 'this server answers no limited ones');
    const key = limitsKey(limits);
    const known = made.get(key) ?? limitedTo(limits);
    made.set(key, known);
    return known;
  };
}
