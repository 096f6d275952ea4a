import type { Incident } from '../../core/alert/incident.ts';
import { durationShown, instantShown } from '../../core/format.ts';
import { epochMsOf } from '../../core/instant.ts';
import type { Decision } from '../../core/recovery/recovery.ts';
import { plain } from './format.ts';
import type { Screen } from './screen.ts';

/** The story of an incident: what it is, then what happened when. `decisions`: what the ledger did about its runs. */
export function incidentLines(incident: Incident, out: Screen, decisions: readonly Decision[] = []): readonly string[] {
  const { process_name, environment, slot, status, severity, occurred_at, resolved_at } = incident;
  const lasted =
    resolved_at === undefined ? '' : `, lasted ${durationShown(epochMsOf(resolved_at) - epochMsOf(occurred_at))}`;
  const tone = status === 'resolved' ? 'green' : status === 'acknowledged' ? 'yellow' : 'red';
  const events: { readonly at: string | undefined; readonly what: string; readonly text: string }[] = [
    ...incident.reasons.map(({ detected_at, reason, text, run_id }) => ({
      at: detected_at,
      what: reason,
      text: `${text}${run_id === undefined ? '' : ` (run ${run_id})`}`,
    })),
    ...decisions.map(({ at, kind, text, run_id }) => ({ at, what: kind, text: `${text} (run ${run_id})` })),
    { at: incident.notified_at, what: 'notified', text: '' },
    { at: incident.acknowledged_at, what: 'acknowledged', text: `by ${incident.acknowledged_by ?? ''}` },
    { at: resolved_at, what: 'resolved', text: incident.resolution ?? '' },
  ];
  const story = events.flatMap(({ at, what, text }) => (at === undefined ? [] : [{ at, what, text }]));
  return [
    `${out.paint(tone, status)}  ${severity}  ${plain(process_name)}  ${plain(environment)}  slot ${plain(slot)}${lasted}`,
    `occurred ${instantShown(occurred_at)} UTC, detected ${instantShown(incident.detected_at)} UTC`,
    '',
    ...story
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
      .map(({ at, what, text }) => `${instantShown(at)}  ${what.padEnd(16)}  ${plain(text)}`.trimEnd()),
    ...(incident.held_up === undefined ? [] : ['', `late because of it  ${incident.held_up.map(plain).join(', ')}`]),
    ...(incident.run_ids.length === 0 ? [] : ['', `runs  ${incident.run_ids.map(plain).join(', ')}`]),
  ];
}
