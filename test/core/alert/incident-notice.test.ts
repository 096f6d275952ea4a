import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../core/alert/condition.ts';
import { acknowledged, type Incident, judged, resolved, type Subject } from '../../../core/alert/incident.ts';
import { type NoticeFacts, noticeOf, stormNoticeOf } from '../../../core/alert/incident-notice.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { toldRunOf } from '../../../core/run/told-run.ts';
import { anEvent } from '../../factories.ts';

const at = (time: string) => `2025-11-03T${time}:00.000Z`;
const subject: Subject = { environment: 'prod', process_name: 'orders', slot: at('01:00') };
const missed: Condition = {
  reason: 'NOT_STARTED',
  severity: 'P2',
  occurred_at: at('01:10'),
  text: 'was expected to start at 2025-11-03 02:00 (Europe/Stockholm), and had not by 2025-11-03 02:10',
};
const failed: Condition = {
  reason: 'FAILED',
  severity: 'P1',
  occurred_at: at('01:30'),
  text: 'failed in load: D201',
  run_id: 'run-1',
};
const facts: NoticeFacts = {
  expectation: {
    schedule: { cron: '0 2 * * *', timezone: 'Europe/Stockholm', start_grace: 600_000 },
    owner: 'team-orders',
    runbook: 'https://wiki.example.com/orders',
  },
  command: 'runledger --aws',
};

/** Late, then failed, then taken by Ada, then over. */
function story(): Incident {
  const judge = (incident: Incident | undefined, condition: Condition, now: string) =>
    judged(incident, subject, { conditions: [condition], isGood: false }, { now, holdMs: 0 });
  const open = judge(judge(undefined, missed, at('01:11')), failed, at('01:31'));
  if (open === undefined) throw new Error('no incident');
  return resolved(acknowledged(open, at('01:40'), 'Ada'), at('03:20'), 'a good run');
}
const incident = story();
const notices = incident.outbox.map((change) => noticeOf(incident, change, facts));
const [opened, upgraded, taken, over] = notices;

describe('a notice of an incident', () => {
  test('says in one line what happened, against what was expected', () => {
    expect(notices.map(({ kind, severity, title }) => [kind, severity, title])).toEqual([
      [
        'opened',
        'P2',
        'orders was expected to start at 2025-11-03 02:00 (Europe/Stockholm), and had not by 2025-11-03 02:10',
      ],
      ['upgraded', 'P1', 'orders failed in load: D201'],
      ['acknowledged', 'P1', 'orders: Ada looks after it'],
      ['resolved', 'P1', 'orders: over after 2 h 10 min (a good run)'],
    ]);
  });

  test('says no more than was known when it happened, however late it is sent', () => {
    expect(opened?.lines).toEqual([`NOT_STARTED since 2025-11-03 02:10 (Europe/Stockholm), 01:10 UTC: ${missed.text}`]);
    expect(opened?.facts).toMatchObject({ status: 'open', reasons: 'NOT_STARTED' });
    expect(opened?.told[0]?.incident).toMatchObject({ status: 'open', severity: 'P2', run_ids: [] });
    expect(JSON.stringify(opened?.told[0]?.incident)).not.toMatch(/Ada|resolved/);
    expect(taken?.facts).toMatchObject({ status: 'acknowledged' });
    expect(over?.facts).toMatchObject({ status: 'resolved', lasted: '2 h 10 min' });
  });

  test('has its times in the zone of the pipeline and in UTC, since when, who answers for it and the runbook', () => {
    expect(taken?.facts).toEqual({
      status: 'acknowledged',
      reasons: 'NOT_STARTED, FAILED',
      slot: '2025-11-03 02:00 (Europe/Stockholm), 01:00 UTC',
      'wrong since': '2025-11-03 02:10 (Europe/Stockholm), 01:10 UTC',
      detected: '2025-11-03 02:11 (Europe/Stockholm), 01:11 UTC',
      acknowledged: '2025-11-03 02:40 (Europe/Stockholm), 01:40 UTC by Ada',
      owner: 'team-orders',
      runbook: 'https://wiki.example.com/orders',
    });
    expect(taken?.links).toEqual([{ title: 'Runbook', url: 'https://wiki.example.com/orders' }]);
  });

  test('has commands that work as they are pasted, whatever the names are', () => {
    expect(opened?.next_steps).toEqual([
      'runledger --aws incident orders --environment prod --slot 2025-11-03T01:00:00.000Z',
    ]);
    expect(upgraded?.next_steps[0]).toBe('runledger --aws show run-1');
    const hostile = { environment: 'a b', process_name: `o'; rm -rf ~ #`, slot: 'run $(x)' };
    const bad = judged(undefined, hostile, { conditions: [failed], isGood: false }, { now: at('02:00'), holdMs: 0 });
    const change = bad?.outbox[0];
    if (bad === undefined || change === undefined) throw new Error('no incident');
    expect(noticeOf(bad, change, facts).next_steps.at(-1)).toBe(
      `runledger --aws incident 'o'\\''; rm -rf ~ #' --environment 'a b' --slot 'run $(x)'`,
    );
  });

  test('has the error of the run and the advice for its code, where the run is known', () => {
    const told = toldRunOf(
      runOf(
        anEvent({
          event_type: 'RUN_END',
          status: 'FAILED',
          error: { error_code: 'D201', message: 'column total is missing' },
          cluster: { cluster_id: 'j-1' },
        }),
      ),
    );
    const change = incident.outbox[1];
    if (change === undefined) throw new Error('no change');
    const notice = noticeOf(incident, change, { ...facts, told, downstream: ['report', 'mart_*'] });
    expect(notice.facts).toMatchObject({ 'error code': 'D201', cluster: 'j-1', 'waits for it': 'report, mart_*' });
    expect(notice.lines.slice(-2)).toEqual([
      'column total is missing',
      'The data does not have the expected schema: look for a changed producer.',
    ]);
  });

  test('belongs to one thread with all of its incident', () => {
    expect(new Set(notices.map(({ thread }) => thread))).toEqual(new Set([incident.id]));
  });
});

describe('a notice of many changes at once', () => {
  const many = Array.from({ length: 500 }, (_, index) => {
    const each = { ...subject, process_name: `orders_${index}` };
    const condition = { ...failed, severity: index === 300 ? 'P1' : 'P3' } as const;
    const made = judged(undefined, each, { conditions: [condition], isGood: false }, { now: at('02:00'), holdMs: 0 });
    const change = made?.outbox[0];
    if (made === undefined || change === undefined) throw new Error('no incident');
    return { incident: made, change };
  });

  test('counts them, names each, the gravest first, and the command that lists them', () => {
    const notice = stormNoticeOf(many, 'runledger');
    expect(notice).toMatchObject({
      severity: 'P1',
      title: '500 incidents of 500 pipelines: 500 opened',
      environment: 'prod',
      process_name: '500 pipelines',
      next_steps: ['runledger incidents --open --limit 1000'],
    });
    expect(notice.lines).toHaveLength(500);
    expect(notice.lines[0]).toBe('opened P1 orders_300 failed in load: D201');
    expect(notice.told).toHaveLength(500);
  });
});
