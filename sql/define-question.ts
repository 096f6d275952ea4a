import type { AskedParameter, Question } from '../core/question.ts';
import type { Columns } from '../core/schema/column-type.ts';
import { defineQuery } from './define-query.ts';
import { compose } from './fragments.ts';

/**
 * A question from its text, with its fragments filled in; throws when `asks`, `:now` and `:prices` are not the parameters that the
 * text uses, or when a fragment is not the same on both engines: a question is one text.
 */
export function defineQuestion(question: {
  readonly name: string;
  readonly text: string;
  readonly asks: Readonly<Record<string, AskedParameter>>;
  readonly columns: Columns;
  /** Fragments of this question alone. */
  readonly fragments?: Readonly<Record<string, string>>;
}): Question {
  const { asks, fragments, name, columns } = question;
  const text = compose(question.text, 'trino', fragments);
  if (text !== compose(question.text, 'duckdb', fragments))
    throw new Error(`question ${name} has a fragment that differs between engines: ask a view`);
  if (text.includes(';')) throw new Error(`question ${name} has a semicolon, which Athena takes for its end`);
  const kinds = Object.fromEntries(Object.entries(asks).map(([asked, { kind }]) => [asked, kind]));
  const parameters = {
    ...(/:now\b/.test(text) ? { now: 'instant' as const } : {}),
    ...(/:prices\b/.test(text) ? { prices: 'prices' as const } : {}),
    ...kinds,
  };
  return { ...defineQuery({ name, text, parameters, columns }), asks };
}
