import { type Context, Hono } from 'hono';
import type * as z from 'zod';
import { NoSuchRunError, RequestRefusedError } from '../../core/recovery/start-request.ts';
import type { LedgerRecovery } from '../../ledger/recovery.ts';
import { readBody } from './body.ts';
import { callerNameOf } from './caller.ts';
import { HttpError } from './http-error.ts';
import { jsonAnswer } from './long-answer.ts';
import { jsonOf, parse } from './parse.ts';
import * as contract from './recovery-contract.ts';
import type { Theirs } from './theirs.ts';

const MAX_BODY_BYTES = 1_000_000;

/**
 * What is done about failed runs, and what people ask to run again: the routes below /api/recovery. Who asks is the name of
 * their token, where it has one.
 */
export function recoveryApi(theirs: Theirs<LedgerRecovery>): Hono {
  const api = new Hono();
  const bodyOf = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> =>
    parse(schema, jsonOf(await readBody(c.req.raw, MAX_BODY_BYTES)), 'the body');
  api.get('/decisions', async (c) =>
    jsonAnswer(c, await theirs(c).list(parse(contract.decisionsQuery, c.req.query(), 'the query'))),
  );
  api.post('/replays/plan', async (c) => {
    const request = await bodyOf(c, contract.planBody);
    return jsonAnswer(c, await refusedAs400(() => theirs(c).planReplay(request)));
  });
  api.post('/replays', async (c) => {
    const { who, ...request } = await bodyOf(c, contract.replayBody);
    return jsonAnswer(c, await refusedAs400(() => theirs(c).replay({ ...request, who: callerNameOf(c) ?? who })));
  });
  api.post('/starts', async (c) => {
    const { who, ...request } = await bodyOf(c, contract.startBody);
    return jsonAnswer(c, await refusedAs400(() => theirs(c).start({ ...request, who: callerNameOf(c) ?? who })));
  });
  api.get('/watermark', async (c) =>
    jsonAnswer(c, await theirs(c).watermark(parse(contract.watermarkQuery, c.req.query(), 'the query'))),
  );
  api.get('/watermark/history', async (c) =>
    jsonAnswer(c, await theirs(c).watermarkHistory(parse(contract.watermarkQuery, c.req.query(), 'the query'))),
  );
  api.post('/watermark', async (c) => {
    const { who, ...set } = await bodyOf(c, contract.watermarkBody);
    return jsonAnswer(c, await theirs(c).setWatermark({ ...set, who: callerNameOf(c) ?? who }));
  });
  api.post('/restore', async (c) => jsonAnswer(c, { recoveries: await theirs(c).restore() }));
  return api;
}

/** What a person asked for in vain is no fault of the ledger. */
async function refusedAs400<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoSuchRunError) throw new HttpError(404, 'not_found', error.message);
    if (error instanceof RequestRefusedError) throw new HttpError(400, 'bad_request', error.message);
    throw error;
  }
}
