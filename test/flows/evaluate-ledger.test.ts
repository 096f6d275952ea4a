import { describe, expect, test } from 'vitest';
import { judgeLedger, type LedgerHealth } from '../../core/alert/judge-ledger.ts';
import { evaluateLedger, unsentNotices } from '../../flows/evaluate-ledger.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';

const at = (time: string) => `2025-11-03T${time}:00.000Z`;
const said = (health: LedgerHealth, now = at('03:00')) =>
  [...judgeLedger(health, now)].map(([cause, { severity, text }]) => `${cause} ${severity} ${text}`);
const trouble = (part: string, since = at('02:00')) => ({ part, cause: 'no space left', since });

describe('the ledger says of itself', () => {
  test('what keeps a part from its work, once that lasts; that it can take no events is the gravest', () => {
    const troubles = [trouble('ingest'), trouble('tables'), trouble('live runs', at('02:56'))];
    expect(said({ troubles })).toEqual([
      'ingest P1 has trouble with ingest: no space left',
      'tables P2 has trouble with tables: no space left',
    ]);
  });

  test('that a lane stands still, though nothing is known to keep it', () => {
    expect(said({ lag: { compaction_lag_seconds: 7200, summary_lag_seconds: 10_800 } })).toEqual([
      'summaries P2 has not come to summarize runs for 3 h',
    ]);
  });

  test('that many of the lines were rejected: not some of many, nor a few of few', () => {
    expect(said({ arrivals: { accepted: 900, rejected: 100 } })).toEqual([
      'rejections P2 rejected 100 of the 1000 lines of the last hour; `runledger rejections` says why',
    ]);
    expect(said({ arrivals: { accepted: 901, rejected: 100 } })).toEqual([]);
    expect(said({ arrivals: { accepted: 0, rejected: 99 } })).toEqual([]);
  });

  test('that notices do not arrive, once, whatever else is said of them', () => {
    const health = { unsent: { notices: 3, since: at('02:00'), why: 'it is away' }, troubles: [trouble('alerts')] };
    expect(said(health)).toEqual(['alerts P2 cannot deliver 3 notices: it is away']);
    expect(said(health, at('02:05'))).toEqual([]);
  });

  test('nothing when nothing is wrong or measured', () => {
    expect(said({})).toEqual([]);
  });
});

describe('a cause is one incident', () => {
  test('that opens once, however long it lasts and whatever it says, and ends with it', async () => {
    const incidents = fakeIncidentStore();
    const evaluate = async (troubles: LedgerHealth['troubles'], now: string) =>
      (await evaluateLedger(incidents, 'prod', { troubles: troubles ?? [] }, now)).map(
        ({ slot, status, changes }) => `${slot} ${status} ${changes}`,
      );
    expect(await evaluate([trouble('tables')], at('03:00'))).toEqual(['LEDGER tables open 1']);
    expect(
      await evaluate([{ ...trouble('tables'), cause: 'still no space', since: at('02:01') }], at('03:01')),
    ).toEqual([]);
    expect(await evaluate([], at('03:02'))).toEqual(['LEDGER tables resolved 2']);
    expect(await evaluate([], at('03:03'))).toEqual([]);
    expect(await evaluate([trouble('tables', at('04:00'))], at('05:00'))).toEqual(['LEDGER tables open 1']);
  });

  test('whose own notice waits is none that waits for itself', async () => {
    const incidents = fakeIncidentStore();
    await evaluateLedger(incidents, 'prod', { unsent: { notices: 1, since: at('02:00') } }, at('03:00'));
    expect(await unsentNotices(incidents)).toBeUndefined();
  });
});
