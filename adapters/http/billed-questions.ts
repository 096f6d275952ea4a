import { type Context, Hono } from 'hono';
import { epochMsOf, type Instant, instantOf, parseInstant } from '../../core/instant.ts';
import type { Answer } from '../../core/ports/answer-engine.ts';
import type { BilledAnswers, BilledLimits, UnderWay } from '../../core/ports/billed-answers.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Price } from '../../core/prices/price.ts';
import { questionText } from '../../sql/questions.ts';
import { askedBy, type OnAsked } from './asked.ts';
import { HttpError } from './http-error.ts';
import { answerJson, fromUrl, posted } from './query.ts';
import { type LimitedTo, theirsOf } from './theirs.ts';

export interface BilledQuestionsOptions {
  readonly answers: BilledAnswers;
  readonly clock: Clock;
  readonly prices?: (() => readonly Price[]) | undefined;
  readonly limits: BilledLimits;
  readonly onAsked?: OnAsked | undefined;
  /** The SELECT of a question for who may see a part alone. Where there is none, they are refused. */
  readonly limitedText?: LimitedTo<QuestionText> | undefined;
}

/** The SELECT of a named question with what a person gave, as of a moment. */
export type QuestionText = (name: string, given: Readonly<Record<string, string>>, asOf: Instant) => Promise<string>;

/** The moment as of which a question is asked. Who repeats it gets the same answer, of which nothing is read again. */
export const AS_OF_HEADER = 'x-runledger-as-of';

const MINUTE_MS = 60_000;
/** Athena's rows of an answer are kept for days; nobody needs the numbers of yesterday as if they were today's. */
const LONGEST_MS = 86_400_000;

/**
 * Questions where what each reads is billed: GET /api/questions/:name and /query. The answer has `as_of`; without the
 * header, it is the minute in which it is asked, so that what many ask in one minute is read once. A question that takes
 * longer than a request may is answered with 202 and `under_way`: it goes on, and is asked again with its `as_of`.
 */
export function billedQuestions(options: BilledQuestionsOptions): Hono {
  const { answers, clock, limits, prices, onAsked, limitedText } = options;
  const app = new Hono();
  const textOf = theirsOf<QuestionText>(
    async (name, given, asOf) => questionText(name, given, asOf, prices),
    limitedText,
  );
  const answered = async (c: Context, asOf: Instant, sql: string): Promise<Response> => {
    const found = await answers.answer(sql, asOf, limits);
    return isUnderWay(found) ? underWay(c, asOf, found) : answerJson(c, { ...withNote(found), as_of: asOf });
  };
  app.get('/api/questions/:name', async (c) => {
    const asOf = askedAsOf(c, clock);
    return answered(c, asOf, await textOf(c)(c.req.param('name'), c.req.query(), asOf));
  });
  app.on(['GET', 'POST'], '/query', async (c) => {
    const { sql, format } = c.req.method === 'POST' ? await posted(c) : fromUrl(c);
    if (format !== 'json') {
      const message = 'expected format json: this ledger writes no CSV; make it of the rows';
      throw new HttpError(400, 'bad_request', message);
    }
    onAsked?.(askedBy(c, sql));
    return answered(c, askedAsOf(c, clock), sql);
  });
  return app;
}

/** The minute, or the moment that an answer told the caller. */
function askedAsOf(c: Context, clock: Clock): Instant {
  const given = c.req.header(AS_OF_HEADER);
  const nowMs = epochMsOf(clock.now());
  if (given === undefined) return instantOf(Math.floor(nowMs / MINUTE_MS) * MINUTE_MS);
  const asOf = parseInstant(given, 'UTC')?.instant;
  const ageMs = asOf === undefined ? Number.NaN : nowMs - epochMsOf(asOf);
  // Clocks of two instances of a function may be apart.
  if (asOf !== undefined && ageMs >= -MINUTE_MS && ageMs <= LONGEST_MS) return asOf;
  const message = `expected ${AS_OF_HEADER} as the as_of of an answer of the last 24 hours, but got ${given.slice(0, 40)}; leave it out to ask anew`;
  throw new HttpError(400, 'bad_request', message);
}

const isUnderWay = (found: Answer | UnderWay): found is UnderWay => 'state' in found;

function underWay(c: Context, as_of: Instant, { scanned_bytes, elapsed_ms }: UnderWay): Response {
  const message = `the question is still under way; ask it again, with "${AS_OF_HEADER}: ${as_of}": nothing is read twice`;
  const body = { error: { code: 'under_way', message }, under_way: { as_of, scanned_bytes, elapsed_ms } };
  return c.json(body, 202, { 'retry-after': '1' });
}

const withNote = (answer: Answer): Answer =>
  answer.truncated ? { ...answer, note: 'There are more rows than one answer may hold: ask for fewer.' } : answer;
