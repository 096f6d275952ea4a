import { Hono } from 'hono';
import { rowsOf } from '../../core/answer-rows.ts';
import { epochMsOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LedgerApi } from '../../ledger/api.ts';
import type { AskQuestion, LimitedLedger } from '../../ledger/limited-ledger.ts';
import { questionText } from '../../sql/questions.ts';
import { badgeSvg } from './badge.ts';
import { HttpError } from './http-error.ts';
import { metricsText } from './metrics-text.ts';
import { pipelineMetrics } from './pipeline-metrics.ts';
import { type LimitedTo, theirsOf } from './theirs.ts';

/** Monitoring asks every few seconds, and each time of all that was ever kept. */
const KEPT_MS = 30_000;

/**
 * What others watch the pipelines by. GET /metrics: Prometheus' text format, at most 30 s old. GET /badge/PIPELINE.svg: an
 * image of the status of its latest run in 90 days, with `environment` where several have it.
 */
export function observing(
  ledger: Pick<LedgerApi, 'query'>,
  clock: Clock,
  limitedTo?: LimitedTo<Pick<LimitedLedger, 'ask'>>,
): Hono {
  const app = new Hono();
  const askAll: AskQuestion = (name, given) => ledger.query(questionText(name, given, clock.now()));
  const watching = (ask: AskQuestion) => ({ ask, metrics: kept(() => metricsFrom(ask), clock) });
  const theirs = theirsOf(watching(askAll), limitedTo && ((limits) => watching(limitedTo(limits).ask)));

  app.get('/metrics', async (c) =>
    c.body(await theirs(c).metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  app.get('/badge/:file', async (c) => {
    const file = c.req.param('file');
    if (!file.endsWith('.svg')) throw new HttpError(400, 'bad_request', 'expected /badge/PIPELINE.svg');
    const name = file.slice(0, -'.svg'.length);
    const { environment = '' } = c.req.query();
    // A name may hold a star, which a pattern reads as any text.
    const rows = await rowsFrom(theirs(c).ask, 'pipelines', { since: '90d', process_name: name, environment });
    const found = rows.filter(({ process_name }) => process_name === name).sort(byStart);
    return c.body(badgeSvg({ label: name, status: String(found.at(-1)?.last_status ?? 'no runs') }), 200, {
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': "default-src 'none'",
    });
  });
  return app;
}

const rowsFrom = async (ask: AskQuestion, name: string, given: Readonly<Record<string, string>>) =>
  rowsOf(await ask(name, given));

async function metricsFrom(ask: AskQuestion): Promise<string> {
  const runs = await rowsFrom(ask, 'run-totals', {});
  const steps = await rowsFrom(ask, 'step-totals', {});
  const quality = await rowsFrom(ask, 'quality-by-dataset', { since: '7d' });
  return metricsText(pipelineMetrics(runs, steps, quality));
}

const byStart = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): number =>
  String(a.last_start_time ?? '') < String(b.last_start_time ?? '') ? -1 : 1;

/** The same answer for a while, and one asking for all who ask at once. A failure is not kept. */
function kept(make: () => Promise<string>, clock: Clock): () => Promise<string> {
  let last: { readonly at: number; readonly text: Promise<string> } | undefined;
  return () => {
    const now = epochMsOf(clock.now());
    if (last === undefined || now - last.at >= KEPT_MS || now < last.at) {
      const text = make();
      last = { at: now, text };
      text.catch(() => {
        last = undefined;
      });
    }
    return last.text;
  };
}
