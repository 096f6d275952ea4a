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
  /** Everything that was found, once for each run and reason, in the order in which it came; at most 50. */
  readonly reasons: readonly ReasonTold[];
  readonly run_ids: readonly string[];
  readonly occurred_at: Instant;
  readonly detected_at: Instant;
  /** Undefined while it is held: one that ends before tells nobody. */
  readonly notified_at?: Instant | undefined;
  readonly acknowledged_at?: Instant | undefined;
  readonly acknowledged_by?: string | undefined;
  readonly resolved_at?: Instant | undefined;
  /** Who or what ended it, and why. */
  readonly resolution?: string | undefined;
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

/** One change of an incident, as it is told: with the state it left the incident in. */
export interface IncidentChange {
  readonly number: number;
  readonly kind: ChangeKind;
  readonly at: Instant;
  /** Of an upgrade: what came new. */
  readonly reasons: readonly Reason[];
}

const MAX_RUN_IDS = 20;
const MAX_REASONS = 50;

export const incidentIdOf = ({ environment, process_name, slot }: Subject, occurrence: number): string =>
  JSON.stringify([environment, process_name, slot, occurrence]);

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
  // What a resolved incident has told already does not open another one: late repeats of the same facts.
  const fresh =
    last === undefined ? conditions : conditions.filter((each) => !last.reasons.some((told) => isSame(told, each)));
  const [first] = fresh;
  if (first === undefined) return last;
  const occurrence = (last?.occurrence ?? 0) + 1;
  const incident: Incident = {
    environment: subject.environment,
    process_name: subject.process_name,
    slot: subject.slot,
    id: incidentIdOf(subject, occurrence),
    occurrence,
    status: 'open',
    severity: conditions.map((each) => each.severity).reduce(graver),
    reasons: conditions.map((each) => ({ ...each, detected_at: now })),
    run_ids: runIdsOf([], conditions),
    occurred_at: fresh.map(({ occurred_at }) => occurred_at).sort()[0] ?? now,
    detected_at: now,
    outbox: [],
    changes: 0,
  };
  // Over before it was found, as by an event that came late: it is told once, as something that has passed.
  if (isGood)
    return { ...releasedFromHold(incident, now, 0), status: 'resolved', resolved_at: now, resolution: PASSED };
  return releasedFromHold(incident, now, holdMs);
}

const PASSED = 'over before it was found';

/** A run shows a thing once; what no run shows is told apart by when it began. */
const isSame = (a: Condition, b: Condition): boolean =>
  a.reason === b.reason && a.run_id === b.run_id && (a.run_id !== undefined || a.occurred_at === b.occurred_at);

function upgraded(incident: Incident, conditions: readonly Condition[], now: Instant): Incident {
  const fresh = conditions.filter((each) => !incident.reasons.some((told) => isSame(told, each)));
  const severity = conditions.map((each) => each.severity).reduce(graver, incident.severity);
  if (fresh.length === 0 && severity === incident.severity) return incident;
  const kinds = fresh
    .map(({ reason }) => reason)
    .filter((reason) => !incident.reasons.some((told) => told.reason === reason));
  const next: Incident = {
    ...incident,
    severity,
    run_ids: runIdsOf(incident.run_ids, fresh),
    reasons: [...incident.reasons, ...fresh.map((each) => ({ ...each, detected_at: now }))].slice(0, MAX_REASONS),
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
  return changed(
    { ...incident, status: 'acknowledged', acknowledged_at: now, acknowledged_by: who },
    'acknowledged',
    now,
    [],
  );
}

const changed = (incident: Incident, kind: ChangeKind, at: Instant, reasons: readonly Reason[]): Incident => ({
  ...incident,
  changes: incident.changes + 1,
  outbox: [...incident.outbox, { number: incident.changes + 1, kind, at, reasons }],
});

/** Takes what was sent out of the outbox. */
export const sent = (incident: Incident, numbers: readonly number[]): Incident => ({
  ...incident,
  outbox: incident.outbox.filter(({ number }) => !numbers.includes(number)),
});

const runIdsOf = (known: readonly string[], conditions: readonly Condition[]): readonly string[] =>
  [...new Set([...known, ...conditions.flatMap(({ run_id }) => run_id ?? [])])].slice(0, MAX_RUN_IDS);
