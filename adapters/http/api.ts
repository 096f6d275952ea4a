import { Hono } from 'hono';
import * as z from 'zod';
import type { EventSink } from '../../core/ports/event-sink.ts';
import type { RunFilter } from '../../core/ports/live-runs.ts';
import { readBody } from './body.ts';
import { HttpError } from './http-error.ts';
import { answerLate } from './late-answer.ts';

/** What a ledger can be asked beyond SQL. Its answers travel as the JSON they are. */
export interface ApiPorts extends EventSink {
  runs(filter: RunFilter): Promise<readonly unknown[]>;
  show(filter: Omit<RunFilter, 'limit'> & { readonly run_id: string }): Promise<readonly unknown[]>;
  summary(): Promise<unknown>;
  rebuild(options: { readonly day?: string | undefined; readonly verify: boolean }): Promise<unknown>;
  settle(): Promise<void>;
}

/** A batch of the CLI is at most 4 MiB, one line or record beyond it included. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const MAX_LIMIT = 1_000;

const name = z.string().min(1).max(1_000);
const ofRun = z.strictObject({ environment: name.optional(), process_name: name.optional() });
const ofRuns = ofRun.extend({
  open: z.enum(['true', 'false']).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(20),
});
const ofRebuild = z.strictObject({ day: z.iso.date().optional(), verify: z.boolean().default(false) });

/**
 * What the CLI asks of a ledger that serves its folder:
 * GET /runs and /runs/:run_id, GET /summary, POST /rebuild, POST /settle, and POST /records: NDJSON taken line for line,
 * whatever the lines hold, as `{received, accepted, rejected}`.
 */
export function apiOf(ledger: ApiPorts): Hono {
  const api = new Hono();
  api.get('/runs', async (c) => {
    const { open, ...filter } = parse(ofRuns, c.req.query(), 'the query');
    return c.json(await ledger.runs({ ...filter, ...(open === 'true' ? { open: true } : {}) }));
  });
  api.get('/runs/:run_id', async (c) => {
    const filter = parse(ofRun, c.req.query(), 'the query');
    return c.json(await ledger.show({ ...filter, run_id: c.req.param('run_id') }));
  });
  api.get('/summary', async (c) => c.json(await ledger.summary()));
  api.post('/rebuild', async (c) => {
    const body = await readBody(c.req.raw, 10_000);
    const options = parse(ofRebuild, body.length === 0 ? {} : jsonOf(body), 'the body');
    return answerLate(c, () => ledger.rebuild(options));
  });
  api.post('/settle', (c) => answerLate(c, async () => ({ settled: await ledger.settle().then(() => true) })));
  api.post('/records', async (c) => {
    const { received, accepted, rejected } = await ledger.send([await readBody(c.req.raw, MAX_BATCH_BYTES)]);
    return c.json({ received, accepted, rejected });
  });
  return api;
}

function parse<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length ? `${path.join('.')}: ${message}` : message,
  );
  throw new HttpError(400, 'bad_request', `${where} cannot be read: ${problems.join('; ').slice(0, 500)}`);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.slice(0, 160) : String(cause);
    throw new HttpError(400, 'bad_request', `expected a JSON object, but came a body that is not JSON (${why})`);
  }
}
