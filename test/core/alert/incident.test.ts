import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Condition, REASONS, type Verdict } from '../../../core/alert/condition.ts';
import {
  acknowledged,
  heldUntil,
  holdingUp,
  type Incident,
  judged,
  resolved,
  type Subject,
  sent,
  unsentChanges,
  unsentSince,
} from '../../../core/alert/incident.ts';
import { instantOf } from '../../../core/instant.ts';

const subject: Subject = { environment: 'prod', process_name: 'orders', slot: '2025-11-03T02:00:00.000Z' };
const at = (minute: number) => instantOf(Date.UTC(2025, 10, 3, 2) + minute * 60_000);
const condition = (over: Partial<Condition> = {}): Condition => ({
  reason: 'FAILED',
  severity: 'P2',
  occurred_at: at(5),
  text: 'failed',
  run_id: 'a',
  ...over,
});
const wrong = (...conditions: Condition[]): Verdict => ({ conditions, isGood: false });
const good: Verdict = { conditions: [], isGood: true };
const nothing: Verdict = { conditions: [], isGood: false };

/** The incident after these verdicts, one a minute. */
const after = (verdicts: readonly Verdict[], holdMs = 0) =>
  verdicts.reduce<Incident | undefined>(
    (incident, verdict, minute) => judged(incident, subject, verdict, { now: at(minute), holdMs }),
    undefined,
  );
const told = (incident: Incident | undefined) => incident?.outbox.map(({ kind }) => kind) ?? [];

test('late, then failed, then a good run: one incident, told three times, and resolved', () => {
  const late = condition({ reason: 'NOT_STARTED', run_id: undefined, severity: 'P3', occurred_at: at(0) });
  const incident = after([wrong(late), wrong(condition({ severity: 'P1' })), nothing, good]);
  expect(told(incident)).toEqual(['opened', 'upgraded', 'resolved']);
  expect(incident).toMatchObject({
    status: 'resolved',
    severity: 'P1',
    occurrence: 1,
    occurred_at: at(0),
    detected_at: at(0),
    resolved_at: at(3),
  });
  expect(incident?.reasons.map(({ reason }) => reason)).toEqual(['NOT_STARTED', 'FAILED']);
});

test('the same verdict again changes nothing, and is the same object', () => {
  const incident = after([wrong(condition())]);
  expect(judged(incident, subject, wrong(condition()), { now: at(9), holdMs: 0 })).toBe(incident);
});

test('a verdict without a condition that is not good leaves it open: a retry under way mends nothing yet', () => {
  expect(after([wrong(condition()), nothing])).toMatchObject({ status: 'open' });
});

test('what ends while it is held tells nobody', () => {
  const held = after([wrong(condition())], 300_000);
  expect(told(held)).toEqual([]);
  expect(held && heldUntil(held, 300_000)).toBe(at(5));
  expect(told(after([wrong(condition()), good], 300_000))).toEqual([]);
});

test('what lasts longer than it is held is told then, with every reason it had', () => {
  const verdicts = [wrong(condition()), wrong(condition({ reason: 'SLA_BREACH' })), ...Array<Verdict>(4).fill(nothing)];
  const incident = after(verdicts, 300_000);
  expect(incident?.outbox).toEqual([{ number: 1, kind: 'opened', at: at(5), reasons: ['FAILED', 'SLA_BREACH'] }]);
});

test('what was over before it was found is told once', () => {
  const incident = after([{ conditions: [condition({ reason: 'SLA_BREACH' })], isGood: true }]);
  expect(incident).toMatchObject({ status: 'resolved' });
  expect(told(incident)).toEqual(['opened']);
});

test('facts that a resolved incident has told open no other one; a new trouble does', () => {
  const before = after([wrong(condition()), good]);
  expect(judged(before, subject, wrong(condition()), { now: at(9), holdMs: 0 })).toBe(before);
  const again = judged(before, subject, wrong(condition({ run_id: 'b', occurred_at: at(8) })), {
    now: at(9),
    holdMs: 0,
  });
  expect(again).toMatchObject({ status: 'open', occurrence: 2 });
  expect(again?.id).not.toBe(before?.id);
});

test('an acknowledged incident stays open, and still tells what comes new', () => {
  const incident = after([wrong(condition())]);
  const taken = incident && acknowledged(incident, at(6), 'ada');
  expect(taken).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ada', acknowledged_at: at(6) });
  const worse = judged(taken, subject, wrong(condition({ severity: 'P1' })), { now: at(7), holdMs: 0 });
  expect(told(worse)).toEqual(['opened', 'acknowledged', 'upgraded']);
  expect(taken && acknowledged(taken, at(8), 'bob')).toBe(taken);
});

test('of very many runs with one trouble the first are told, and a trouble of another kind is told once', () => {
  const failures = Array.from({ length: 70 }, (_, index) => condition({ run_id: `run ${index}` }));
  const late = condition({ reason: 'SLA_BREACH', run_id: 'run 69' });
  const opening = after([wrong(...failures)]);
  expect(opening?.reasons).toHaveLength(50);
  const verdict = wrong(...failures, late);
  const upgraded = judged(opening, subject, verdict, { now: at(1), holdMs: 0 });
  expect(told(upgraded)).toEqual(['opened', 'upgraded']);
  expect(upgraded?.reasons.at(-1)).toMatchObject({ reason: 'SLA_BREACH' });
  expect(judged(upgraded, subject, verdict, { now: at(2), holdMs: 0 })).toBe(upgraded);
});

test('the largest incident there can be fits into one item of a table', () => {
  const name = '\u0001'.repeat(256);
  const widest = { environment: name, process_name: name, slot: `run ${name}` };
  const conditions = REASONS.flatMap((reason) =>
    Array.from({ length: 50 }, (_, index) => condition({ reason, run_id: `${index}${name}`, text: name.repeat(100) })),
  );
  let incident: Incident | undefined;
  for (const [minute, each] of conditions.entries())
    incident = judged(incident, widest, wrong(each), { now: at(minute), holdMs: 0 });
  expect(incident?.reasons).toHaveLength(50 + REASONS.length - 1);
  // As large as the two before it, which nobody was told of.
  for (const minute of [2000, 3000]) {
    const ended: Incident | undefined = judged(incident, widest, good, { now: at(minute), holdMs: 0 });
    incident = ended;
    for (const [later, each] of conditions.entries())
      incident = judged(
        incident,
        widest,
        wrong({ ...each, run_id: `${minute} ${each.run_id}`, occurred_at: at(minute + later) }),
        {
          now: at(minute + later),
          holdMs: 0,
        },
      );
  }
  for (let late = 0; late < 30; late++) incident = incident && holdingUp(incident, `${late}${name.repeat(2)}`);
  expect([incident?.earlier?.length, incident?.held_up?.length]).toEqual([2, 20]);
  expect(Buffer.byteLength(JSON.stringify(incident))).toBeLessThan(390 * 1024);
});

test('it can be resolved by hand, once', () => {
  const incident = after([wrong(condition())]);
  const ended = incident && resolved(incident, at(6), 'ada: known');
  expect(ended).toMatchObject({ status: 'resolved', resolution: 'ada: known' });
  expect(ended && resolved(ended, at(7), 'again')).toBe(ended);
});

test('what was sent leaves the outbox', () => {
  const incident = after([wrong(condition()), good]);
  expect(incident && sent(incident, incident.id, [1]).outbox.map(({ number }) => number)).toEqual([2]);
  expect(incident && sent(incident, 'another', [1])).toBe(incident);
});

test('one that opens anew keeps what was not told of the one before, until that is sent', () => {
  const again = after([wrong(condition()), good, wrong(condition({ run_id: 'b', occurred_at: at(2) }))]) as Incident;
  const waiting = (incident: Incident) =>
    unsentChanges(incident).map(({ incident: { occurrence }, change }) => `${occurrence} ${change.kind}`);
  expect(waiting(again)).toEqual(['1 opened', '1 resolved', '2 opened']);
  expect(unsentSince(again)).toBe(at(0));
  const first = again.earlier?.[0]?.id ?? '';
  expect(waiting(sent(again, first, [1]))).toEqual(['1 resolved', '2 opened']);
  const told = sent(again, first, [1, 2]);
  expect(told.earlier).toBeUndefined();
  expect(waiting(told)).toEqual(['2 opened']);
  const later = judged(sent(told, told.id, [1]), subject, good, { now: at(9), holdMs: 0 }) as Incident;
  expect(waiting(later)).toEqual(['2 resolved']);
});

test('who takes one that is held is not told of, as nobody has heard of it', () => {
  const held = after([wrong(condition())], 600_000) as Incident;
  const taken = acknowledged(held, at(1), 'ada');
  expect(taken).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ada', outbox: [] });
  const told = judged(taken, subject, wrong(condition()), { now: at(20), holdMs: 600_000 });
  expect(told?.outbox.map(({ kind }) => kind)).toEqual(['opened']);
});

describe('for any history of verdicts', () => {
  const conditions = fc.array(
    fc.record({
      reason: fc.constantFrom('FAILED', 'NOT_STARTED', 'SLA_BREACH'),
      severity: fc.constantFrom('P1', 'P2', 'P3'),
      occurred_at: fc.nat(20).map(at),
      text: fc.constant('wrong'),
      run_id: fc.constantFrom('a', 'b', undefined),
    }) as fc.Arbitrary<Condition>,
    { maxLength: 3 },
  );
  const verdicts = fc.array(fc.record({ conditions, isGood: fc.boolean() }) as fc.Arbitrary<Verdict>, {
    maxLength: 12,
  });

  test('every incident that was told of is open now or was told to have ended, and no change has a number twice', () => {
    fc.assert(
      fc.property(verdicts, fc.constantFrom(0, 120_000), (history, holdMs) => {
        const all: Incident[] = [];
        history.reduce<Incident | undefined>((incident, verdict, minute) => {
          const next = judged(incident, subject, verdict, { now: at(minute), holdMs });
          if (next !== undefined) all[next.occurrence - 1] = next;
          return next;
        }, undefined);
        for (const [index, incident] of all.entries()) {
          const kinds = told(incident);
          expect(kinds.filter((kind) => kind === 'opened').length).toBe(incident.notified_at === undefined ? 0 : 1);
          if (kinds.includes('resolved')) expect(incident.status).toBe('resolved');
          if (incident.status !== 'resolved') expect(index).toBe(all.length - 1);
          expect(incident.outbox.map(({ number }) => number)).toEqual(incident.outbox.map((_, place) => place + 1));
        }
      }),
    );
  });

  test('judging again with the same verdict changes nothing', () => {
    fc.assert(
      fc.property(verdicts, (history) => {
        const incident = after(history);
        const last = history.at(-1);
        if (last === undefined) return;
        const again = judged(incident, subject, last, { now: at(history.length - 1), holdMs: 0 });
        expect(again?.changes).toBe(incident?.changes);
      }),
    );
  });
});
