import { epochMsOf, type Instant, instantOf, parseInstant } from './instant.ts';
import { nearest } from './nearest.ts';
import { durationMs } from './pipelines/duration.ts';
import { QueryRejectedError } from './ports/answer-engine.ts';
import type { Arguments, ParameterKind, Parameters, Query } from './typed-query.ts';

/** A query that people ask by name. `:now` in it is the time of asking; all else may be given, and has a default. */
export interface Question extends Query {
  readonly asks: Readonly<Record<string, AskedParameter>>;
}

/** What a person may give to a question. */
export interface AskedParameter {
  readonly kind: AskedKind;
  readonly comment: string;
  /** As a person would write it. */
  readonly default: string;
  /** The only values there are, where they are few; of texts, each must be one. */
  readonly oneOf?: readonly string[];
}

/** A pattern is text in which `*` stands for any text; the query is given it for `like … escape '\'`. */
export type AskedKind = Extract<ParameterKind, 'instant' | 'integer' | 'text' | 'texts'> | 'pattern';

/** As what an asked value is given to the query. */
export const parameterKindOf = (kind: AskedKind): ParameterKind => (kind === 'pattern' ? 'text' : kind);

/**
 * The values of a question from what a person wrote. An instant may be a time (`2026-11-30`, `2026-11-30T06:00:00Z`) or
 * how long ago (`7d`, `24h`); texts are separated by commas. Throws `QueryRejectedError` for a parameter that the
 * question has not, or a value that is not of its kind.
 */
export function argumentsOf(
  question: Question,
  given: Readonly<Record<string, string>>,
  now: Instant,
): Arguments<Parameters> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(question.asks, name));
  if (unknown !== undefined) throw new QueryRejectedError(noSuch(question, unknown));
  const asked = Object.entries(question.asks).map(([name, { kind, oneOf, ...parameter }]) => {
    const text = given[name] ?? parameter.default;
    const value = readValue(kind, text, now);
    const isKnown = oneOf === undefined || [value].flat().every((each) => oneOf.includes(String(each)));
    if (value !== undefined && isKnown) return [name, value];
    const form = oneOf === undefined ? FORM[kind] : `one of ${oneOf.map((each) => each || "''").join(', ')}`;
    throw new QueryRejectedError(
      `${question.name}: expected ${name} as ${form}, got ${JSON.stringify(text.slice(0, 80))}`,
    );
  });
  return Object.fromEntries('now' in question.parameters ? [['now', now], ...asked] : asked);
}

const FORM: Readonly<Record<AskedKind, string>> = {
  instant: 'a time, or how long ago (2026-11-30, 2026-11-30T06:00:00Z, 7d, 24h)',
  integer: 'a whole number',
  text: 'text',
  texts: 'texts with commas between them',
  pattern: 'text, with * for any text',
};

function readValue(kind: AskedKind, text: string, now: Instant): string | number | readonly string[] | undefined {
  switch (kind) {
    case 'instant': {
      const ago = durationMs(text);
      return ago === undefined
        ? parseInstant(text, 'UTC')?.instant
        : instantOf(Math.max(FIRST_MS, epochMsOf(now) - ago));
    }
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
    case 'text':
      return isText(text) ? text : undefined;
    case 'pattern':
      return isText(text) ? likePattern(text) : undefined;
    case 'texts':
      return isText(text) ? text.split(',').filter((each) => each !== '') : undefined;
  }
}

/** What `like … escape '\'` takes. */
const likePattern = (text: string): string => text.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

function noSuch({ name, asks }: Question, unknown: string): string {
  const names = Object.keys(asks);
  const got = JSON.stringify(unknown.slice(0, 80));
  if (names.length === 0) return `${name}: expected no parameter, got ${got}`;
  const near = nearest(unknown, names);
  return `${name}: expected ${names.join(', ')}, got ${got}${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** No run is older. */
const FIRST_MS = Date.UTC(2000);
