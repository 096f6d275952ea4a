import type { Handler } from 'hono';
import type { EventSink } from '../../core/ports/event-sink.ts';
import { readBody } from './body.ts';
import { linesOf } from './event-lines.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * POST /events: NDJSON, a JSON array of events, or one event; plain or gzip, at most 8 MiB once inflated. Answers
 * `{received, accepted, rejected}` once everything is on disk. The content type is not asked for: `curl -d` sends forms.
 */
export const events =
  (sink: EventSink): Handler =>
  async (c) => {
    const lines = linesOf(await readBody(c.req.raw, MAX_BODY_BYTES));
    if (lines.length === 0) return c.json({ received: 0, accepted: 0, rejected: 0 });
    const { received, accepted, rejected } = await sink.send([lines]);
    return c.json({ received, accepted, rejected });
  };
