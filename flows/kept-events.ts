import { dateOf, type Instant } from '../core/instant.ts';
import type { Answer } from '../core/ports/answer-engine.ts';
import type { Event } from '../core/schema/event.ts';
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
      const { rows, truncated } = await ask(pageText(days, time, key, until));
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
  const { rows } = await ask(
    `select event_date, count(*) as events from pipeline_logs
    where event_date between date '${dateOf(since)}' and date '${dateOf(until)}'
    group by event_date order by event_date`,
  );
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

const pageText = ([first, last]: readonly [string, string], time: Instant, key: string, until: Instant): string =>
  `select raw_payload from pipeline_logs
  where event_date between date '${first}' and date '${last}'
    and (event_time > ${timestamp(time)} or (event_time = ${timestamp(time)} and event_key > '${key}'))
    and event_time <= ${timestamp(until)}
  order by event_time, event_key limit ${PAGE_ROWS}`;

/** From an instant, whose form is fixed: no text of others comes into the question. */
const timestamp = (instant: Instant): string => `timestamp '${instant.slice(0, 10)} ${instant.slice(11, 23)}'`;
