import type { Told } from '../../core/alert/as-of.ts';
import { incidentDataOf } from '../../core/alert/incident-data.ts';
import type { Notice } from '../../core/alert/notice.ts';
import type { Instant } from '../../core/instant.ts';
import { messageIdOf } from './ids.ts';
import type { Message } from './post.ts';
import { signedHeaders } from './signature.ts';

/**
 * A notice as CloudEvents 1.0 in JSON: one event for each kind of change, so that nearly always it is one. With a secret
 * it is signed as Standard Webhooks does: HMAC-SHA256 over id, time and body; who receives it refuses an old time, and an
 * id that it has seen.
 */
export function cloudEvents(notice: Notice, secret: string | undefined, now: Instant): readonly Message[] {
  return [...Map.groupBy(notice.told, ({ change }) => change.kind).values()].map((told) => {
    const id = messageIdOf(told);
    const body = JSON.stringify(eventOf(notice, told, id));
    return {
      id,
      body,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        ...signedHeaders(id, body, secret, now),
      },
    };
  });
}

function eventOf(notice: Notice, told: readonly Told[], id: string): object {
  const [first] = told;
  if (first === undefined) throw new Error('expected changes to tell of, but got none');
  const { incident, change } = first;
  return {
    specversion: '1.0',
    id,
    source: `/runledger/${encodeURIComponent(incident.environment.toWellFormed())}`,
    type: `runledger.${change.kind === 'started' || change.kind === 'succeeded' ? 'run' : 'incident'}.${change.kind}`,
    ...(incident.process_name === '' ? {} : { subject: incident.process_name }),
    time: change.at,
    datacontenttype: 'application/json',
    data: {
      ...incidentDataOf(first),
      title: notice.title,
      lines: notice.lines,
      facts: notice.facts,
      next_steps: notice.next_steps,
      links: notice.links,
      ...(told.length > 1 ? { incidents: told.map(incidentDataOf) } : {}),
    },
  };
}
