import { dateOf, type Instant } from '../core/instant.ts';
import type { Answer } from '../core/ports/answer-engine.ts';
import type { Event } from '../core/schema/event.ts';
import { render } from '../sql/define-query.ts';
import { countEvents, keptLines } from '../sql/history-of-rules.ts';
import { eventsOf } from './landed-events.ts';

const PAGE_ROWS = 10_000;

/** The events that the tables keep of a time, in the order of their times, page by page. `ask` answers a question in SQL. */
export async function* keptEvents(
  ask: (sql: string) => Promise<Answer>,
  since: Instant,
  until: Instant,
): AsyncGenerator<Event> {
  for (const days of await pagesOfDays(ask, since, until)) {
    let [time, key] = [since, ''];
    for (;;) {
      const [first_day, last_day] = days;
      const values = { first_day, last_day, after: time, after_key: key, until, limit: PAGE_ROWS };
      const { rows, truncated } = await ask(render(keptLines, values));
      const lines = rows.map(([line]) => String(line)).join('\n');
      const events = eventsOf(new TextEncoder().encode(lines));
      yield* events;
      const last = events.at(-1);
      // An answer may be cut by its size too.
      if (last === undefined || (rows.length < PAGE_ROWS && !truncated)) break;
      time = last.event_time;
      key = last.event_key;
    }
  }
}

/** Days that are asked for at once: as many as make a page. */
async function pagesOfDays(
  ask: (sql: string) => Promise<Answer>,
  since: Instant,
  until: Instant,
): Promise<readonly (readonly [first: string, last: string])[]> {
  const { rows } = await ask(render(countEvents, { first_day: dateOf(since), last_day: dateOf(until) }));
  const pages: { first: string; last: string; events: number }[] = [];
  for (const [date, count] of rows) {
    const day = String(date).slice(0, 10);
    const page = pages.at(-1);
    if (page !== undefined && page.events + Number(count) <= PAGE_ROWS) {
      page.last = day;
      page.events += Number(count);
    } else pages.push({ first: day, last: day, events: Number(count) });
  }
  return pages.map(({ first, last }) => [first, last]);
}
