import { type AskedParameter, parameterKindOf, type Question } from '../core/question.ts';
import type { Columns } from '../core/schema/column-type.ts';
import { defineQuery } from './define-query.ts';

/** A question from its text; throws when `asks`, and `:now`, are not the parameters that the text uses. */
export function defineQuestion(question: {
  readonly name: string;
  readonly text: string;
  readonly asks: Readonly<Record<string, AskedParameter>>;
  readonly columns: Columns;
}): Question {
  const { asks, ...query } = question;
  const kinds = Object.fromEntries(Object.entries(asks).map(([name, { kind }]) => [name, parameterKindOf(kind)]));
  const parameters = /:now\b/.test(query.text) ? { now: 'instant' as const, ...kinds } : kinds;
  return { ...defineQuery({ ...query, parameters }), asks };
}
