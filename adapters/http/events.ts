import type { Handler } from 'hono';
import type { EventSink } from '../../core/ports/event-sink.ts';
import { readBody } from './body.ts';
import { linesOf } from './event-lines.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * POST /events: NDJSON, JSON laid out in any way, an array of events, or CSV with a header; plain or gzip, at most 8 MiB
 * once inflated. Answers `{received, accepted, rejected}` once everything is on disk, and `reasons` (`{line, kind,
 * explanation}`) for the first rejected lines: 200 when a line was accepted or none was sent, 422 when all were rejected,
 * so that `curl -f` notices it. With `?partial` that is 200 too. The content type is not asked for: `curl -d` sends forms.
 */
export const events =
  (sink: EventSink): Handler =>
  async (c) => {
    const lines = linesOf(await readBody(c.req.raw, MAX_BODY_BYTES));
    if (lines.length === 0) return c.json({ received: 0, accepted: 0, rejected: 0 });
    const { received, accepted, rejected, reasons } = await sink.send([lines]);
    const isRefused = received > 0 && accepted === 0 && c.req.query('partial') === undefined;
    const answer = { received, accepted, rejected, ...(reasons === undefined ? {} : { reasons }) };
    return c.json(answer, isRefused ? 422 : 200);
  };
