import { type Context, Hono } from 'hono';
import type * as z from 'zod';
import type { Clock } from '../../core/ports/clock.ts';
import type { Price } from '../../core/prices/price.ts';
import type { LedgerApi, MayHave } from '../../ledger/api.ts';
import type { AskQuestion } from '../../ledger/limited-ledger.ts';
import { questionText } from '../../sql/questions.ts';
import { alertsApi } from './alerts-api.ts';
import { readBody } from './body.ts';
import { callerNameOf } from './caller.ts';
import {
  type dismissAnswer,
  dismissBody,
  type forgetAnswer,
  forgetBody,
  type inspectionAnswer,
  type parkedAnswer,
  type rebuildAnswer,
  rebuildBody,
  type recordsAnswer,
  type retryAnswer,
  retryBody,
  type runAnswer,
  runQuery,
  type runsAnswer,
  runsQuery,
  type settleAnswer,
  type summaryAnswer,
} from './contract.ts';
import { HttpError } from './http-error.ts';
import { answerLate } from './late-answer.ts';
import { jsonAnswer } from './long-answer.ts';
import { jsonOf, parse } from './parse.ts';
import { questionsApi, tablesApi } from './questions-api.ts';
import { recoveryApi } from './recovery-api.ts';
import { type LimitedTo, theirsOf } from './theirs.ts';

/** What a served ledger can be asked beyond SQL. */
export type ApiPorts = Pick<LedgerApi, 'runs' | 'show' | 'query' | 'dismiss' | 'alerts'> &
  Partial<Pick<LedgerApi, 'send' | 'parkedObjects' | 'retryObjects' | 'forgetObjects' | 'rebuild'>> &
  MayHave;

/** The same for who may see and act on a part of it. */
export type LimitedApiPorts = ApiPorts & { readonly ask: AskQuestion };

/** A batch of the CLI is at most 4 MiB, one line or record beyond it included. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** A thousand keys and a reason. */
const MAX_DISMISSAL_BYTES = 100_000;
/** A thousand keys of objects, as long as keys may be, and a reason. */
const MAX_OBJECTS_BYTES = 2 * 1024 * 1024;

/**
 * What the CLI asks of a ledger that serves its folder:
 * GET /runs and /runs/:run_id, GET /summary, GET /inspection, POST /rebuild, POST /settle, POST /rejections/dismiss,
 * GET /objects/parked, POST /objects/retry, POST /objects/forget, the routes of `alerts-api.ts` below /alerts, those of
 * `recovery-api.ts` below /recovery, those of `questions-api.ts` below /questions and /tables, and
 * POST /records: NDJSON taken line for line, whatever the lines hold, as `{received, accepted, rejected, reasons}`.
 */
export function apiOf(
  ledger: ApiPorts,
  clock: Clock,
  prices: () => readonly Price[] = () => [],
  limitedTo?: LimitedTo<LimitedApiPorts>,
): Hono {
  const api = new Hono();
  const ask: AskQuestion = (name, given) => ledger.query(questionText(name, given, clock.now(), prices));
  const theirs = theirsOf<LimitedApiPorts>({ ...ledger, ask }, limitedTo);
  const own = <Name extends keyof ApiPorts>(c: Context, name: Name): NonNullable<ApiPorts[Name]> => {
    const found = theirs(c)[name];
    if (found === undefined) throw absentHere(c);
    return found as NonNullable<ApiPorts[Name]>;
  };
  api.get('/runs', async (c) => {
    const { open, alive, ...filter } = parse(runsQuery, c.req.query(), 'the query');
    const wanted = { ...(open === 'true' && { open: true }), ...(alive === 'true' && { alive: true }) };
    const runs = await theirs(c).runs({ ...filter, ...wanted });
    return jsonAnswer(c, runs satisfies z.output<typeof runsAnswer>);
  });
  api.get('/runs/:run_id', async (c) => {
    const filter = parse(runQuery, c.req.query(), 'the query');
    const runs = await theirs(c).show({ ...filter, run_id: c.req.param('run_id') });
    return jsonAnswer(c, runs satisfies z.output<typeof runAnswer>);
  });
  const { send, summary, inspect, rebuild, parkedObjects, retryObjects, forgetObjects, settle, recovery } = ledger;
  if (summary !== undefined)
    api.get('/summary', async (c) => c.json((await own(c, 'summary')()) satisfies z.output<typeof summaryAnswer>));
  if (inspect !== undefined)
    api.get('/inspection', (c) => answerLate<z.output<typeof inspectionAnswer>>(c, () => own(c, 'inspect')()));
  if (rebuild !== undefined)
    api.post('/rebuild', async (c) => {
      const body = await readBody(c.req.raw, 10_000);
      const options = parse(rebuildBody, body.length === 0 ? {} : jsonOf(body), 'the body');
      return answerLate<z.output<typeof rebuildAnswer>>(c, () => own(c, 'rebuild')(options));
    });
  api.post('/rejections/dismiss', async (c) => {
    const { who, ...dismissal } = parse(
      dismissBody,
      jsonOf(await readBody(c.req.raw, MAX_DISMISSAL_BYTES)),
      'the body',
    );
    await theirs(c).dismiss({ ...dismissal, who: callerNameOf(c) ?? who });
    return c.json({ dismissed: dismissal.keys.length } satisfies z.output<typeof dismissAnswer>);
  });
  if (parkedObjects !== undefined)
    api.get('/objects/parked', async (c) =>
      jsonAnswer(c, (await own(c, 'parkedObjects')()) satisfies z.output<typeof parkedAnswer>),
    );
  if (retryObjects !== undefined)
    api.post('/objects/retry', async (c) => {
      const { objects } = parse(retryBody, jsonOf(await readBody(c.req.raw, MAX_OBJECTS_BYTES)), 'the body');
      return c.json((await own(c, 'retryObjects')(objects)) satisfies z.output<typeof retryAnswer>);
    });
  if (forgetObjects !== undefined)
    api.post('/objects/forget', async (c) => {
      const body = await readBody(c.req.raw, MAX_OBJECTS_BYTES);
      const { who, ...forgetting } = parse(forgetBody, jsonOf(body), 'the body');
      const forgotten = [...(await own(c, 'forgetObjects')({ ...forgetting, who: callerNameOf(c) ?? who }))];
      return c.json({ forgotten } satisfies z.output<typeof forgetAnswer>);
    });
  if (settle !== undefined)
    api.post('/settle', (c) =>
      answerLate<z.output<typeof settleAnswer>>(c, async () => {
        await own(c, 'settle')();
        return { settled: true };
      }),
    );
  if (send !== undefined)
    api.post('/records', async (c) => {
      const taken = await own(c, 'send')([await readBody(c.req.raw, MAX_BATCH_BYTES)]);
      return c.json(taken satisfies z.output<typeof recordsAnswer>);
    });
  api.route(
    '/alerts',
    alertsApi((c) => theirs(c).alerts),
  );
  if (recovery !== undefined)
    api.route(
      '/recovery',
      recoveryApi((c) => own(c, 'recovery')),
    );
  api.route(
    '/questions',
    questionsApi((c) => theirs(c).ask),
  );
  api.route('/tables', tablesApi());
  api.all('/*', (c) => {
    throw absentHere(c);
  });
  return api;
}

const absentHere = (c: Context): HttpError =>
  new HttpError(
    404,
    'not_found',
    `this ledger cannot be asked ${c.req.method} ${c.req.path.slice(0, 100)}: one that is deployed on AWS lacks some of what a folder has, and an older one what is new`,
  );
