import { cutText } from '../cut.ts';
import { epochMsOf, type Instant, instantAfter } from '../instant.ts';
import { type Condition, graver, type Reason, type Severity, type Verdict } from './condition.ts';

/** What an incident is about. There is at most one open incident of a subject. */
export interface Subject {
  readonly environment: string;
  readonly process_name: string;
  /** The nominal time of a slot; `run ID` for a run outside any slot; `STALE`, `FAILURE_RATE`; `LEDGER CAUSE`. */
  readonly slot: string;
}

/** One trouble of one subject, from its first sign to its end. It is changed by `judged`, `acknowledged`, `resolvedByHand` alone. */
export interface Incident extends Subject {
  /** Made of the subject and of how often it has been opened: the same on every machine that opens it. */
  readonly id: string;
  /** From 1: an incident of the same subject that opens after it was resolved is another one. */
  readonly occurrence: number;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  /** The gravest it has been. */
  readonly severity: Severity;
  /** Everything that was found, once for each run and reason, in the order in which it came; of many the first, and one of each kind. */
  readonly reasons: readonly ReasonTold[];
  readonly run_ids: readonly string[];
  /** What is late because of it, as `pipeline slot`: nobody is told of that by itself. */
  readonly held_up?: readonly string[] | undefined;
  readonly occurred_at: Instant;
  readonly detected_at: Instant;
  /** Undefined while it is held: one that ends before tells nobody. */
  readonly notified_at?: Instant | undefined;
  readonly acknowledged_at?: Instant | undefined;
  readonly acknowledged_by?: string | undefined;
  readonly resolved_at?: Instant | undefined;
  /** Who or what ended it, and why. */
  readonly resolution?: string | undefined;
  /** Occurrences of the same subject that were over before they were told: as much of them as their notices say. */
  readonly earlier?: readonly Incident[] | undefined;
  /** Notices that have yet to be sent: written with the change, so that a crash between the two loses none. */
  readonly outbox: readonly IncidentChange[];
  /** How many changes there have been; each bears its number. */
  readonly changes: number;
}

export interface ReasonTold extends Condition {
  readonly detected_at: Instant;
}

export const CHANGE_KINDS = ['opened', 'upgraded', 'acknowledged', 'resolved'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What a file may ask to be told of runs: no incident, and told in the same way. */
export const NEWS_KINDS = ['started', 'succeeded'] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];

/** One change of an incident, as it is told: with the state it left the incident in. */
export interface IncidentChange {
  readonly number: number;
  readonly kind: ChangeKind | NewsKind;
  readonly at: Instant;
  /** Of an upgrade: what came new. */
  readonly reasons: readonly Reason[];
}

/** So that an incident is at most 390 KB, whatever its names: what one item of a table takes. */
const MAX_RUN_IDS = 20;
const MAX_REASONS = 50;
const MAX_TEXT_LENGTH = 400;
const MAX_HELD_UP = 20;
const MAX_HELD_UP_LENGTH = 200;
const MAX_EARLIER = 2;
const MAX_EARLIER_REASONS = 3;

export const incidentIdOf = ({ environment, process_name, slot }: Subject, occurrence: number): string =>
  JSON.stringify([environment, process_name, slot, occurrence]);

/** What the incident of this id is about; undefined when no incident has such an id. */
export function subjectOf(id: string): Subject | undefined {
  const parts = partsOf(id);
  if (!Array.isArray(parts) || parts.length !== 4 || parts.slice(0, 3).some((part) => typeof part !== 'string'))
    return undefined;
  const [environment, process_name, slot, occurrence] = parts;
  const subject: Subject = { environment, process_name, slot };
  return incidentIdOf(subject, occurrence) === id ? subject : undefined;
}

function partsOf(id: string): unknown {
  try {
    return JSON.parse(id);
  } catch {
    return undefined;
  }
}

/** A text for each subject, and for each subject another one. */
export const subjectText = ({ environment, process_name, slot }: Subject): string =>
  JSON.stringify([environment, process_name, slot]);

/** Since when its oldest unsent notice has been waiting; undefined when none is. */
export const unsentSince = (incident: Incident): Instant | undefined =>
  unsentChanges(incident)
    .map(({ change }) => change.at)
    .sort()[0];

/** What has yet to be told, of earlier occurrences too, in order. */
export const unsentChanges = (
  incident: Incident,
): readonly { readonly incident: Incident; readonly change: IncidentChange }[] =>
  [...(incident.earlier ?? []), incident].flatMap((each) => each.outbox.map((change) => ({ incident: each, change })));

/**
 * The incident of a subject after a verdict; the same object when nothing changes. It opens with the first condition,
 * is upgraded in place by a reason it has not had or by a graver severity, and is resolved when the subject is good, or
 * has no condition left that could not be mended by a good run. `holdMs`: who ends within it tells nobody.
 */
export function judged(
  stored: Incident | undefined,
  subject: Subject,
  verdict: Verdict,
  { now, holdMs }: { readonly now: Instant; readonly holdMs: number },
): Incident | undefined {
  if (stored === undefined || stored.status === 'resolved') {
    return verdict.conditions.length === 0 ? stored : opened(stored, subject, verdict, now, holdMs);
  }
  const upgrade = upgraded(stored, verdict.conditions, now);
  const told = releasedFromHold(upgrade, now, holdMs);
  if (verdict.isGood) return resolved(told, now, goodBy(verdict));
  return told;
}

function opened(
  last: Incident | undefined,
  subject: Subject,
  { conditions, isGood }: Verdict,
  now: Instant,
  holdMs: number,
): Incident | undefined {
  const fresh = last === undefined ? conditions : conditions.filter((each) => !hasTold(last, each));
  if (fresh.length === 0) return last;
  const occurrence = (last?.occurrence ?? 0) + 1;
  const incident: Incident = {
    environment: subject.environment,
    process_name: subject.process_name,
    slot: subject.slot,
    id: incidentIdOf(subject, occurrence),
    occurrence,
    status: 'open',
    severity: conditions.map((each) => each.severity).reduce(graver),
    reasons: reasonsAdded([], conditions, now),
    run_ids: runIdsOf([], conditions),
    occurred_at: fresh.map(({ occurred_at }) => occurred_at).sort()[0] ?? now,
    detected_at: now,
    ...earlierOf(last),
    outbox: [],
    changes: 0,
  };
  // Over before it was found, as by an event that came late: it is told once, as something that has passed.
  if (isGood)
    return { ...releasedFromHold(incident, now, 0), status: 'resolved', resolved_at: now, resolution: PASSED };
  return releasedFromHold(incident, now, holdMs);
}

/** An occurrence whose end, or even whose beginning, nobody was told of yet is not forgotten with the next one. */
function earlierOf(last: Incident | undefined): Pick<Incident, 'earlier'> {
  if (last === undefined) return {};
  const { earlier = [], held_up: _, ...unsent } = last;
  const kept = [
    ...earlier,
    {
      ...unsent,
      reasons: last.reasons.slice(0, MAX_EARLIER_REASONS),
      run_ids: last.run_ids.slice(0, MAX_EARLIER_REASONS),
    },
  ].filter(({ outbox }) => outbox.length > 0);
  return kept.length === 0 ? {} : { earlier: kept.slice(-MAX_EARLIER) };
}

const PASSED = 'over before it was found';

/** A run shows a thing once; what no run shows is told apart by when it began. */
const isSame = (a: Condition, b: Condition): boolean =>
  a.reason === b.reason && a.run_id === b.run_id && (a.run_id !== undefined || a.occurred_at === b.occurred_at);

/** What a resolved incident has told already does not open another one: late repeats of the same facts. */
const hasTold = ({ reasons, resolved_at }: Incident, condition: Condition): boolean =>
  reasons.some((told) => isSame(told, condition)) ||
  // It had no room for all of them.
  (reasons.length >= MAX_REASONS && resolved_at !== undefined && condition.occurred_at <= resolved_at);

/** What comes new. When there is much already, only what is of a new kind. */
function reasonsAdded(
  known: readonly ReasonTold[],
  conditions: readonly Condition[],
  now: Instant,
): readonly ReasonTold[] {
  const all = [...known];
  for (const condition of conditions) {
    const isKnown =
      all.length < MAX_REASONS
        ? all.some((told) => isSame(told, condition))
        : all.some(({ reason }) => reason === condition.reason);
    if (!isKnown) all.push({ ...condition, text: cutText(condition.text, MAX_TEXT_LENGTH), detected_at: now });
  }
  return all.slice(known.length);
}

function upgraded(incident: Incident, conditions: readonly Condition[], now: Instant): Incident {
  const fresh = reasonsAdded(incident.reasons, conditions, now);
  const severity = conditions.map((each) => each.severity).reduce(graver, incident.severity);
  if (fresh.length === 0 && severity === incident.severity) return incident;
  const kinds = fresh
    .map(({ reason }) => reason)
    .filter((reason) => !incident.reasons.some((told) => told.reason === reason));
  const next: Incident = {
    ...incident,
    severity,
    run_ids: runIdsOf(incident.run_ids, fresh),
    reasons: [...incident.reasons, ...fresh],
    occurred_at:
      [incident.occurred_at, ...fresh.map(({ occurred_at }) => occurred_at)].sort()[0] ?? incident.occurred_at,
  };
  // Another run with the same trouble is no news.
  const isNews = kinds.length > 0 || severity !== incident.severity;
  return incident.notified_at === undefined || !isNews ? next : changed(next, 'upgraded', now, [...new Set(kinds)]);
}

function releasedFromHold(incident: Incident, now: Instant, holdMs: number): Incident {
  if (incident.notified_at !== undefined || epochMsOf(now) - epochMsOf(incident.detected_at) < holdMs) return incident;
  return changed(
    { ...incident, notified_at: now },
    'opened',
    now,
    incident.reasons.map(({ reason }) => reason),
  );
}

/** When an incident that is held will be told, if it lasts. */
export const heldUntil = ({ notified_at, detected_at, status }: Incident, holdMs: number): Instant | undefined =>
  notified_at === undefined && status !== 'resolved' ? instantAfter(detected_at, holdMs) : undefined;

const goodBy = ({ conditions }: Verdict): string =>
  conditions.length === 0 ? 'a good run' : 'a good run, though not as expected';

/** Ends it. One that was told of is told to have ended; one that was held is forgotten in silence. */
export function resolved(incident: Incident, now: Instant, resolution: string): Incident {
  if (incident.status === 'resolved') return incident;
  const ended: Incident = { ...incident, status: 'resolved', resolved_at: now, resolution };
  return incident.notified_at === undefined ? ended : changed(ended, 'resolved', now, []);
}

/** Somebody looks after it: it stays open, and what comes new is still told. */
export function acknowledged(incident: Incident, now: Instant, who: string): Incident {
  if (incident.status !== 'open') return incident;
  const taken: Incident = { ...incident, status: 'acknowledged', acknowledged_at: now, acknowledged_by: who };
  // Of one that is held nobody has heard.
  return incident.notified_at === undefined ? taken : changed(taken, 'acknowledged', now, []);
}

const changed = (incident: Incident, kind: ChangeKind, at: Instant, reasons: readonly Reason[]): Incident => ({
  ...incident,
  changes: incident.changes + 1,
  outbox: [...incident.outbox, { number: incident.changes + 1, kind, at, reasons }],
});

/** Notes that something is late because of it; the same object when that is known. Nobody is told. */
export const holdingUp = (incident: Incident, what: string): Incident => {
  const { held_up = [], status } = incident;
  const text = cutText(what, MAX_HELD_UP_LENGTH);
  const isKnown = held_up.includes(text) || held_up.length >= MAX_HELD_UP;
  return isKnown || status === 'resolved' ? incident : { ...incident, held_up: [...held_up, text] };
};

/** Takes changes of the occurrence of this id out of the outbox; the same object when there is nothing to take. */
export function sent(incident: Incident, id: string, numbers: readonly number[]): Incident {
  const without = (each: Incident): Incident =>
    each.id === id && each.outbox.some(({ number }) => numbers.includes(number))
      ? { ...each, outbox: each.outbox.filter(({ number }) => !numbers.includes(number)) }
      : each;
  const own = without(incident);
  if (incident.earlier === undefined) return own;
  const earlier = incident.earlier.map(without);
  if (earlier.every((each, at) => each === incident.earlier?.[at])) return own;
  const { earlier: _, ...rest } = own;
  const left = earlier.filter(({ outbox }) => outbox.length > 0);
  return left.length === 0 ? rest : { ...rest, earlier: left };
}

const runIdsOf = (known: readonly string[], conditions: readonly Condition[]): readonly string[] =>
  [...new Set([...known, ...conditions.flatMap(({ run_id }) => run_id ?? [])])].slice(0, MAX_RUN_IDS);
