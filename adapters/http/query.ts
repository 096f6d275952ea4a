import type { Context, Handler } from 'hono';
import { csvLines } from '../../core/csv.ts';
import { jsonText } from '../../core/json-text.ts';
import { ANSWER_LIMITS, type Answer, type AnswerEngine, MAX_HTTP_TIMEOUT_MS } from '../../core/ports/answer-engine.ts';
import { askedBy, type OnAsked } from './asked.ts';
import { readBody } from './body.ts';
import { HttpError } from './http-error.ts';
import { longAnswer } from './long-answer.ts';

const LIMITS = { ...ANSWER_LIMITS, timeoutMs: 10_000 };
const MAX_BODY_BYTES = 256 * 1024;

/**
 * GET /query?sql=… and POST /query with `{"sql": "…"}` or the SELECT itself. Answers an `Answer` as JSON, or with
 * `format=csv` as CSV; at most 100,000 rows, 32 MiB of them and 10 s, or `timeout_ms`. When rows were left out, `truncated` (in CSV the
 * header `x-runledger-truncated`) is true; what is not in the tables yet is said in `note` (`x-runledger-note`).
 */
export const query =
  (answers: AnswerEngine, onAsked: OnAsked): Handler =>
  async (c) => {
    const { sql, format, timeoutMs } = c.req.method === 'POST' ? await posted(c) : fromUrl(c);
    onAsked(askedBy(c, sql));
    const answer = await answers.answer(sql, { ...LIMITS, timeoutMs });
    if (format === 'json') return answerJson(c, answer);
    return longAnswer(c, csvLines(answer), {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'x-runledger-truncated': String(answer.truncated),
      ...(answer.note === undefined ? {} : { 'x-runledger-note': headerText(answer.note) }),
    });
  };

/** An answer as one JSON object, sent as it is made. */
export const answerJson = (c: Context, answer: Answer): Response =>
  longAnswer(c, jsonPieces(answer), { 'content-type': 'application/json' });

/** The text of one JSON object. */
function* jsonPieces({ columns, rows, ...rest }: Answer): Generator<string> {
  yield `{"columns":${jsonText(columns)},"rows":[`;
  for (const [at, row] of rows.entries()) yield `${at === 0 ? '' : ','}${jsonText(row)}`;
  yield `],${jsonText(rest).slice(1)}`;
}

type Format = 'json' | 'csv';
interface Question {
  readonly sql: string;
  readonly format: Format;
  readonly timeoutMs: number;
}

/** What the address asks. Throws when it is no question. */
export const fromUrl = (c: Context): Question => questionOf(c.req.query());

/** What the body asks. Throws when it is no question. */
export async function posted(c: Context): Promise<Question> {
  const text = (await readBody(c.req.raw, MAX_BODY_BYTES)).toString('utf8').trim();
  if (!text.startsWith('{')) return questionOf({ ...c.req.query(), sql: text });
  try {
    return questionOf({ ...c.req.query(), ...JSON.parse(text) });
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new HttpError(400, 'bad_request', `${EXPECTED}, but got a body that is not JSON (${cause.message})`);
  }
}

function questionOf({
  sql,
  format = 'json',
  timeout_ms = LIMITS.timeoutMs,
  ...others
}: Readonly<Record<string, unknown>>): Question {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new HttpError(400, 'bad_request', `${EXPECTED}, but got also ${shown(unknown)}`);
  if (typeof sql !== 'string' || sql.trim() === '') {
    throw new HttpError(
      400,
      'bad_request',
      `${EXPECTED}, but got ${sql === undefined ? 'no sql' : `sql ${shown(sql)}`}`,
    );
  }
  if (format !== 'json' && format !== 'csv') {
    throw new HttpError(400, 'bad_request', `expected format json or csv, but got ${shown(format)}`);
  }
  const timeoutMs = Number(timeout_ms);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_HTTP_TIMEOUT_MS) {
    throw new HttpError(
      400,
      'bad_request',
      `expected timeout_ms from 1 to ${MAX_HTTP_TIMEOUT_MS}, but got ${shown(timeout_ms)}`,
    );
  }
  return { sql, format, timeoutMs };
}

/** A header holds visible ASCII only. */
const headerText = (text: string): string => text.replaceAll(/[^ -~]+/g, '?');

const EXPECTED = 'expected {"sql": "select …"}, with "format" json or csv, and "timeout_ms"';

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? 'none';
