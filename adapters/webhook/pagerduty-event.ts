import type { Told } from '../../core/alert/as-of.ts';
import type { Notice } from '../../core/alert/notice.ts';
import { cutLines, cutText, oneLine } from '../../core/cut.ts';
import { idOf, messageIdOf } from './ids.ts';
import type { Message } from './post.ts';

/** Where events go, unless the account is in the EU. */
export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

const SEVERITIES = { P1: 'critical', P2: 'error', P3: 'warning' } as const;
/** Bounds of Events API v2: a summary of 1,024 characters, an event of 512 KB. */
const MAX_SUMMARY_LENGTH = 1_024;
const MAX_FIELD_LENGTH = 255;
const MAX_LINES_LENGTH = 16_000;
const MAX_FACT_LENGTH = 1_000;

/**
 * A notice as events of PagerDuty, with one key for all changes of an incident: it is triggered, acknowledged and resolved
 * there too. Of many incidents that open at once there is one page, which a person resolves.
 */
export function pagerdutyEvents(notice: Notice, routing_key: string): readonly Message[] {
  const events: { readonly id: string; readonly event: object }[] = [];
  const opening = notice.told.filter(({ change }) => change.kind === 'opened' || change.kind === 'upgraded');
  if (opening.length > 0) events.push({ id: messageIdOf(opening), event: triggerOf(notice, opening) });
  for (const told of notice.told) {
    const event_action = ACTIONS[told.change.kind];
    if (event_action !== undefined)
      events.push({ id: messageIdOf([told]), event: { event_action, dedup_key: keyOf([told]) } });
  }
  return events.map(({ id, event }) => ({
    id,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ routing_key, ...event }),
  }));
}

const ACTIONS: Readonly<Partial<Record<Told['change']['kind'], string>>> = {
  acknowledged: 'acknowledge',
  resolved: 'resolve',
};

const keyOf = (told: readonly Told[]): string => idOf(...told.map(({ incident }) => incident.id));

function triggerOf(notice: Notice, opening: readonly Told[]): object {
  const { severity, environment, process_name, title, lines, next_steps, facts, links } = notice;
  const field = (text: string) => cutText(oneLine(text.toWellFormed()), MAX_FIELD_LENGTH) || '–';
  const reasons = new Set(opening.flatMap(({ incident }) => incident.reasons.map(({ reason }) => reason)));
  return {
    event_action: 'trigger',
    dedup_key: keyOf(opening),
    client: 'Runledger',
    payload: {
      summary: cutText(oneLine(`[${severity}] ${title}`.toWellFormed()), MAX_SUMMARY_LENGTH),
      source: field(`${environment}/${process_name}`),
      severity: SEVERITIES[severity],
      timestamp: opening[0]?.change.at,
      component: field(process_name),
      group: field(environment),
      class: field([...reasons].join(', ')),
      custom_details: {
        lines: cutLines(lines, MAX_LINES_LENGTH),
        next_steps: cutLines(next_steps, MAX_LINES_LENGTH),
        facts: Object.fromEntries(
          Object.entries(facts)
            .slice(0, 30)
            .map(([name, value]) => [field(name), cutText(value, MAX_FACT_LENGTH)]),
        ),
      },
    },
    links: links.map(({ title: text, url: href }) => ({ href, text })),
  };
}
