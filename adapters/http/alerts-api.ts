import { Hono } from 'hono';
import type * as z from 'zod';
import type { LedgerAlerts } from '../../ledger/alerts.ts';
import * as contract from './alerts-contract.ts';
import { readBody } from './body.ts';
import { callerNameOf } from './caller.ts';
import { jsonAnswer } from './long-answer.ts';
import { jsonOf, parse } from './parse.ts';
import type { Theirs } from './theirs.ts';

const MAX_BODY_BYTES = 100_000;
/** A file of pipelines as JSON text, in which a quote takes two bytes. */
const MAX_PIPELINES_BYTES = 3_000_000;

/**
 * What is expected, what is wrong, and what people decide: the routes below /api/alerts. Who decides is the name of their
 * token, where it has one: what the body says of it, anybody could say.
 */
export function alertsApi(theirs: Theirs<LedgerAlerts>): Hono {
  const api = new Hono();
  const bodyOf = async <T>(request: Request, schema: z.ZodType<T>, maxBytes = MAX_BODY_BYTES): Promise<T> =>
    parse(schema, jsonOf(await readBody(request, maxBytes)), 'the body');
  api.get('/incidents', async (c) => {
    const { open, ...filter } = parse(contract.incidentsQuery, c.req.query(), 'the query');
    const incidents = await theirs(c).incidents({ ...filter, ...(open === 'true' && { open: true }) });
    return jsonAnswer(c, incidents);
  });
  api.post('/decisions', async (c) => {
    const { who, ...decision } = await bodyOf(c.req.raw, contract.decisionBody);
    const incident = await theirs(c).decide({ ...decision, who: callerNameOf(c) ?? who });
    return c.json({ incident: incident ?? null });
  });
  api.get('/silences', async (c) => c.json((await theirs(c).silences()) as z.output<typeof contract.silencesAnswer>));
  api.post('/silences', async (c) => {
    const { who, ...silence } = await bodyOf(c.req.raw, contract.silenceBody);
    await theirs(c).silence({ ...silence, who: callerNameOf(c) ?? who });
    return c.json({ silenced: true } satisfies z.output<typeof contract.silencedAnswer>);
  });
  api.post('/silences/end', async (c) => {
    const { id, who } = await bodyOf(c.req.raw, contract.endSilenceBody);
    return c.json({ ended: await theirs(c).endSilence(id, callerNameOf(c) ?? who) } satisfies z.output<
      typeof contract.endedAnswer
    >);
  });
  api.get('/expected', async (c) => {
    const { from, until } = parse(contract.expectedQuery, c.req.query(), 'the query');
    return jsonAnswer(c, await theirs(c).expected(from, until));
  });
  api.get('/pipelines', async (c) => {
    const applied = await theirs(c).pipelines();
    return c.json({ applied: applied ?? null } as z.output<typeof contract.pipelinesAnswer>);
  });
  api.post('/pipelines', async (c) => {
    const { text, who } = await bodyOf(c.req.raw, contract.pipelinesBody, MAX_PIPELINES_BYTES);
    return c.json(
      (await theirs(c).applyPipelines(text, callerNameOf(c) ?? who)) satisfies z.output<typeof contract.applyAnswer>,
    );
  });
  api.post('/incidents/restore', async (c) => c.json(await theirs(c).restoreIncidents()));
  api.post('/routes/test', async (c) => {
    const { route } = await bodyOf(c.req.raw, contract.testRouteBody);
    return c.json(await theirs(c).testRoute(route));
  });
  return api;
}
