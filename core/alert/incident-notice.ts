import { counted, durationShown } from '../format.ts';
import { epochMsOf, type Instant } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import type { RunState } from '../run/run-view.ts';
import type { ToldRun } from '../run/told-run.ts';
import { bothTimesOf } from '../schedule/zone.ts';
import { meaningOf } from '../schema/error-code.ts';
import { quoted } from '../shell.ts';
import { asOf, type Told } from './as-of.ts';
import type { Incident, IncidentChange, ReasonTold } from './incident.ts';
import { lastEventsOf } from './last-events.ts';
import type { Notice } from './notice.ts';

/** What a notice may say beside the incident. */
export interface NoticeFacts {
  readonly expectation: Pick<Expectation, 'schedule' | 'owner' | 'runbook'>;
  /** How the reader calls the CLI, with the options that choose this ledger: `runledger --aws`. */
  readonly command: string;
  /** The run that shows the newest reason, where it is known. */
  readonly told?: ToldRun | undefined;
  /** The pipelines, and patterns of them, that wait for this one. */
  readonly downstream?: readonly string[] | undefined;
}

/** Writes one change of an incident for people: what happened against what was expected, since when, and what to do next. */
export function noticeOf(incident: Incident, change: IncidentChange, facts: NoticeFacts): Notice {
  const told = asOf({ incident, change });
  const { environment, process_name, severity } = told;
  const zone = facts.expectation.schedule?.timezone ?? 'UTC';
  const shown = (at: Instant) => bothTimesOf(at, zone);
  const { runbook } = facts.expectation;
  return {
    kind: change.kind,
    severity,
    environment,
    process_name,
    run_id: told.run_ids.at(-1) ?? '',
    thread: told.id,
    title: titleOf(told, change),
    lines: linesOf(told, change, shown, zone, facts.told),
    next_steps: stepsOf(told, facts.command),
    facts: factsOf(told, shown, facts),
    told: [{ incident: told, change }],
    links: runbook === undefined ? [] : [{ title: 'Runbook', url: runbook }],
  };
}

function titleOf(told: Incident, change: IncidentChange): string {
  const { process_name, acknowledged_by, resolution } = told;
  switch (change.kind) {
    case 'opened':
      return `${process_name} ${gravest(told.reasons)?.text ?? ''}`;
    case 'upgraded':
      return `${process_name} ${newest(told, change)?.text ?? ''}`;
    case 'acknowledged':
      return `${process_name}: ${acknowledged_by} looks after it`;
    case 'started':
    case 'succeeded':
      return `${process_name} ${change.kind}, run ${told.run_ids[0]}`;
    case 'resolved':
      return `${process_name}: over after ${lasted(told)} (${resolution})`;
  }
}

function linesOf(
  told: Incident,
  change: IncidentChange,
  shown: (at: Instant) => string,
  zone: string,
  of: ToldRun | undefined,
): readonly string[] {
  const run = of?.run;
  const code = run?.error_code ?? null;
  return [
    ...(change.kind === 'upgraded' && change.reasons.length === 0 ? [`It is ${told.severity} now.`] : []),
    ...told.reasons.map(({ reason, text, occurred_at, run_id }) => {
      const which = run_id === undefined ? '' : `, run ${run_id}`;
      return `${reason} since ${shown(occurred_at)}${which}: ${text}`;
    }),
    ...(change.kind === 'succeeded' ? [courseOf(run)] : []),
    ...(change.kind === 'resolved' || isNews(change.kind)
      ? []
      : [run?.error_message ?? '', code === null ? '' : meaningOf(code).advice]),
    ...(of === undefined || isNews(change.kind) ? [] : [heardOf(of, zone, change.at)]),
  ].filter((line) => line !== '');
}

function heardOf(of: ToldRun, zone: string, until: Instant): string {
  const events = lastEventsOf(of, zone, until);
  return events.length === 0 ? '' : `Last events: ${events.join('; ')}`;
}

const isNews = (kind: IncidentChange['kind']): boolean => kind === 'started' || kind === 'succeeded';

/** How a run went that somebody wanted to hear of. */
function courseOf(run: RunState | undefined): string {
  const took = run?.duration_ms == null ? [] : [`took ${durationShown(run.duration_ms)}`];
  const wrote = run?.records_out == null ? [] : [`wrote ${counted(run.records_out, 'record')}`];
  const told = [...took, ...wrote].join(', ');
  return told === '' ? '' : `It ${told}.`;
}

function stepsOf(
  { process_name, environment, slot, run_ids, occurrence }: Incident,
  command: string,
): readonly string[] {
  const which = `${quoted(process_name)} --environment ${quoted(environment)}`;
  const run = run_ids.at(-1);
  return [
    ...(run === undefined ? [] : [`${command} show ${quoted(run)}`]),
    ...(occurrence === 0 ? [] : [`${command} incident ${which} --slot ${quoted(slot)}`]),
  ];
}

function factsOf(
  told: Incident,
  shown: (at: Instant) => string,
  { expectation, told: of, downstream = [] }: NoticeFacts,
): Readonly<Record<string, string>> {
  const { slot, run_ids, occurred_at, detected_at, acknowledged_at, resolved_at } = told;
  const isIncident = told.occurrence > 0;
  const run = of?.run;
  const known: Readonly<Record<string, string | null | undefined>> = {
    status: isIncident ? told.status : undefined,
    reasons: [...new Set(told.reasons.map(({ reason }) => reason))].join(', '),
    slot: isTime(slot) ? shown(slot) : slot,
    runs: run_ids.length > 1 ? run_ids.join(', ') : undefined,
    at: isIncident ? undefined : shown(occurred_at),
    'wrong since': isIncident ? shown(occurred_at) : undefined,
    detected: isIncident ? shown(detected_at) : undefined,
    'waits for it': isIncident && told.status !== 'resolved' ? namesShown(downstream) : undefined,
    'late because of it': told.held_up && namesShown(told.held_up),
    acknowledged: acknowledged_at && `${shown(acknowledged_at)} by ${told.acknowledged_by}`,
    resolved: resolved_at && shown(resolved_at),
    lasted: resolved_at && lasted(told),
    step: run?.error_step,
    'error code': run?.error_code,
    attempt: run?.run_attempt?.toString(),
    cluster: run?.cluster_id,
    owner: expectation.owner ?? run?.owner,
    runbook: expectation.runbook,
  };
  return Object.fromEntries(Object.entries(known).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

const MAX_NAMES = 10;
const namesShown = (names: readonly string[]): string =>
  names.length > MAX_NAMES
    ? `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`
    : names.join(', ');

const lasted = ({ occurred_at, resolved_at = occurred_at }: Incident): string =>
  durationShown(Math.max(0, epochMsOf(resolved_at) - epochMsOf(occurred_at)));

const isTime = (slot: string): boolean => /^\d{4}-\d\d-\d\dT/.test(slot);

/** The first of the gravest. */
const gravest = (reasons: readonly ReasonTold[]): ReasonTold | undefined =>
  [...reasons].sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0))[0];

/** What an upgrade is about: the gravest of its new reasons; where there is none, what was made graver. */
function newest({ reasons }: Incident, change: IncidentChange): ReasonTold | undefined {
  const fresh = reasons.filter(({ reason }) => change.reasons.includes(reason));
  return gravest(fresh.length > 0 ? fresh : reasons);
}

/** Writes many changes as one notice, the gravest first: a storm is one message. `told` is not empty. */
export function stormNoticeOf(all: readonly Told[], command: string): Notice {
  const told = all
    .map((each) => ({ incident: asOf(each), change: each.change }))
    .sort((a, b) =>
      a.incident.severity < b.incident.severity ? -1 : a.incident.severity > b.incident.severity ? 1 : 0,
    );
  const [first] = told;
  if (first === undefined) throw new Error('expected changes to tell of, but got none');
  const kinds = Map.groupBy(told, ({ change }) => change.kind);
  const counts = [...kinds].map(([kind, of]) => `${of.length} ${kind}`).join(', ');
  const pipelines = new Set(told.map(({ incident }) => incident.process_name)).size;
  const environments = [...new Set(told.map(({ incident }) => incident.environment))];
  return {
    kind: first.change.kind,
    severity: first.incident.severity,
    environment: environments.join(', '),
    process_name: pipelines === 1 ? first.incident.process_name : counted(pipelines, 'pipeline'),
    run_id: '',
    thread: `storm ${first.incident.id} ${first.change.number}`,
    title: `${counted(told.length, isNews(first.change.kind) ? 'run' : 'incident')} of ${counted(pipelines, 'pipeline')}: ${counts}`,
    lines: told.map(({ incident, change }) => `${change.kind} ${incident.severity} ${titleOf(incident, change)}`),
    next_steps: [`${command} incidents --open --limit 1000`],
    facts: {},
    told,
    links: [],
  };
}
