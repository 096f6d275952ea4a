import { countShown, durationShown } from '../../core/format.ts';
import type { RunEvent } from '../run-details.ts';
import { cellShown, plain } from './format.ts';
import { traceLines } from './run-details-screen.ts';
import { type Screen, styleOf } from './screen.ts';
import { stepNameShown } from './step-name.ts';
import { type Cell, type TableColumn, tableOf } from './table.ts';

interface EventTableOptions {
  /** With root cause and stack trace below each event that has one. */
  readonly traces: boolean;
  /** Whether the names of the columns stand above. */
  readonly head: boolean;
}

/** A line per event: when, what, of which step and try, and what it told. */
export function eventTable(
  events: readonly RunEvent[],
  screen: Screen,
  { traces, head }: EventTableOptions,
): readonly string[] {
  const firstDay = events[0]?.event_time?.slice(0, 10) ?? '';
  const isOneDay = events.every(({ event_time }) => event_time?.startsWith(firstDay));
  const hasSteps = events.some(({ step_name }) => step_name !== null);
  const columns: readonly TableColumn[] = [
    { head: isOneDay ? `${firstDay} (UTC)` : 'time (UTC)', keep: true },
    { head: 'event', keep: true },
    ...(hasSteps ? [{ head: 'step', least: 10 }] : []),
    { head: 'status', keep: true },
    { head: 'try', align: 'right' as const, keep: true, optional: 1 },
    { head: 'what it said', least: 12 },
  ];
  let day = '';
  const rows = events.map((event): readonly Cell[] => {
    const [date = '', time = ''] = (event.event_time ?? '').replace('Z', '').split('T');
    const isSameDay = date === day;
    day = date;
    return [
      isOneDay ? time : isSameDay ? `${' '.repeat(date.length)} ${time}` : `${date} ${time}`,
      event.event_type,
      ...(hasSteps ? [stepNameShown(event)] : []),
      event.status === null ? '' : { text: event.status, style: styleOf(event.status) },
      event.step_name === null || event.attempt === null ? '' : String(event.attempt),
      toldBy(event),
    ];
  });
  const [heads = '', ...lines] =
    tableOf(columns, rows, screen) ?? tableOf(columns, rows, { ...screen, width: undefined }) ?? [];
  const withTraces = lines.flatMap((line, at) => [line, ...(traces && events[at] ? causeOf(events[at]) : [])]);
  return head ? [heads, ...withTraces] : withTraces;
}

/** The error, the message, what was counted and measured: what there is. */
function toldBy(event: RunEvent): string {
  const { error_code, error_message, message, records_in, records_out, duration_ms, metrics } = event;
  const error = [error_code, error_message].filter((each) => each !== null).join(' ');
  return [
    error,
    message === null || message === error_message ? '' : message,
    records_in === null ? '' : `${countShown(records_in)} in`,
    records_out === null ? '' : `${countShown(records_out)} out`,
    duration_ms === null ? '' : `took ${durationShown(duration_ms)}`,
    checksShown(event),
    ...Object.entries(metrics ?? {}).map(([name, value]) => `${name}=${cellShown(value)}`),
  ]
    .filter((each) => each !== '')
    .join('; ');
}

function checksShown({ quality }: RunEvent): string {
  if (quality === null || quality.length === 0) return '';
  const failed = quality.filter(({ success }) => success === false).map(({ check_name }) => check_name);
  const of = `of ${quality.length} ${quality.length === 1 ? 'check' : 'checks'}`;
  return failed.length === 0 ? `none ${of} failed` : `${failed.length} ${of} failed: ${failed.join(', ')}`;
}

const causeOf = ({ root_cause, stack_trace }: RunEvent): readonly string[] => [
  ...(root_cause === null ? [] : [`    ${plain(root_cause)}`]),
  ...(stack_trace === null ? [] : traceLines(stack_trace)),
];
