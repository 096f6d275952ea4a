import { epochMsOf, type Instant, instantOf, parseInstant } from './instant.ts';
import { nearest } from './nearest.ts';
import { durationMs } from './pipelines/duration.ts';
import { QueryRejectedError } from './ports/answer-engine.ts';
import type { Price } from './prices/price.ts';
import type { Arguments, ParameterKind, Parameters, Query } from './typed-query.ts';

/** A query that people ask by name. `:now` in it is the time of asking, `:prices` what things cost; all else may be given, and has a default. */
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
  /** The least and the greatest that a whole number may be. */
  readonly between?: readonly [least: number, most: number];
}

export type AskedKind = Extract<ParameterKind, 'day' | 'instant' | 'integer' | 'pattern' | 'text' | 'texts'>;

/**
 * The values of a question from what a person wrote. An instant may be a time (`2026-11-30`, `2026-11-30T06:00:00Z`) or
 * how long ago (`7d`, `24h`); a day is the UTC day of such a time; texts are separated by commas. Throws `QueryRejectedError` for a parameter that the
 * question has not, or a value that is not of its kind. `prices` is called when the question asks for them.
 */
export function argumentsOf(
  question: Question,
  given: Readonly<Record<string, string>>,
  now: Instant,
  prices: () => readonly Price[] = () => [],
): Arguments<Parameters> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(question.asks, name));
  if (unknown !== undefined) throw new QueryRejectedError(noSuch(question, unknown));
  const asked = Object.entries(question.asks).map(([name, parameter]) => {
    const text = given[name] ?? parameter.default;
    const value = readValue(parameter.kind, text, now);
    if (value !== undefined && isAllowed(value, parameter)) return [name, value];
    throw new QueryRejectedError(
      `${question.name}: expected ${name} as ${formOf(parameter)}, got ${JSON.stringify(text.slice(0, 80))}`,
    );
  });
  return {
    ...('now' in question.parameters ? { now } : {}),
    ...('prices' in question.parameters ? { prices: prices() } : {}),
    ...Object.fromEntries(asked),
  };
}

const isAllowed = (value: string | number | readonly string[], { oneOf, between }: AskedParameter): boolean =>
  (oneOf === undefined || [value].flat().every((each) => oneOf.includes(String(each)))) &&
  (between === undefined || (Number(value) >= between[0] && Number(value) <= between[1]));

function formOf({ kind, oneOf, between }: AskedParameter): string {
  if (oneOf !== undefined) return `one of ${oneOf.map((each) => each || "''").join(', ')}`;
  return between === undefined ? FORM[kind] : `${FORM[kind]} from ${between[0]} to ${between[1]}`;
}

const FORM: Readonly<Record<AskedKind, string>> = {
  day: 'a day, or how long ago (2026-11-30, 1d)',
  instant: 'a time, or how long ago (2026-11-30, 2026-11-30T06:00:00Z, 7d, 24h)',
  integer: 'a whole number',
  pattern: 'text, with * for any text',
  text: 'text',
  texts: 'texts with commas between them',
};

function readValue(kind: AskedKind, text: string, now: Instant): string | number | readonly string[] | undefined {
  switch (kind) {
    case 'day':
      return readInstant(text, now)?.slice(0, 10);
    case 'instant':
      return readInstant(text, now);
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
    case 'pattern':
    case 'text':
      return isText(text) ? text : undefined;
    case 'texts':
      return isText(text) ? text.split(',').filter((each) => each !== '') : undefined;
  }
}

function readInstant(text: string, now: Instant): Instant | undefined {
  const ago = durationMs(text);
  return ago === undefined ? parseInstant(text, 'UTC')?.instant : instantOf(Math.max(FIRST_MS, epochMsOf(now) - ago));
}

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
