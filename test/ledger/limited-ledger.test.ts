import { expect, test } from 'vitest';
import type { Silence } from '../../core/alert/silence.ts';
import { NotTheirsError } from '../../core/token/limit-errors.ts';
import type { Limits } from '../../core/token/limits.ts';
import type { FolderLedger } from '../../ledger/api.ts';
import { limitedFolderLedger } from '../../ledger/limited-ledger.ts';
import { aLedger, anAnswer, aRun } from '../cli/fakes.ts';

const OWNERS: Readonly<Record<string, string>> = { ours: 'team-a', theirs: 'team-b' };
const TEAM_A: Limits = { owners: ['team-a'], environments: ['prod'] };
const limited = (ledger: FolderLedger, limits: Limits = TEAM_A) =>
  limitedFolderLedger(ledger, {
    ...{ limits, ownerOf: async ({ process_name }) => OWNERS[process_name] },
    sink: { send: async () => expect.unreachable() },
    ask: async () => ({ ...anAnswer(['n'], [1]), note: 'live runs: orders_zebra cannot be tracked; 17 objects wait' }),
  });

test('what an answer is without is said without a word of what keeps the ledger from its work', async () => {
  expect((await limited(aLedger()).ask('pipelines', {})).note).toBe(
    'the tables may lack the newest events, which are kept; ask again in a while',
  );
});

test('the latest runs of theirs are found behind many of others', async () => {
  const at = (second: number) => new Date(Date.UTC(2025, 10, 3) - second * 1000).toISOString();
  const all = Array.from({ length: 900 }, (_, place) =>
    aRun({ process_name: place % 300 === 299 ? 'ours' : 'theirs', run_id: String(place), start_time: at(place) }),
  );
  const asked: number[] = [];
  const ledger: FolderLedger = {
    ...aLedger(),
    runs: async ({ limit }) => {
      asked.push(limit);
      return all.slice(0, limit);
    },
  };
  const found = await limited(ledger).runs({ limit: 2 });
  expect(found.map(({ run_id }) => run_id)).toEqual(['299', '599']);
  expect(asked).toEqual([2, 16, 128, 1024]);
});

test.each<[Limits, Partial<Silence>, boolean]>([
  [TEAM_A, { pattern: 'ours', environment: 'prod' }, true],
  [TEAM_A, { pattern: 'ours' }, false],
  [TEAM_A, { pattern: 'our*', environment: 'prod' }, false],
  [TEAM_A, { pattern: 'ours', environment: 'test' }, false],
  [TEAM_A, { pattern: 'theirs', environment: 'prod' }, false],
  [{ environments: ['prod'] }, { pattern: '*', environment: 'prod' }, true],
  [{ environments: ['prod'] }, { pattern: '*', environment: 'test' }, false],
  [{ environments: ['prod'] }, { pattern: '*' }, false],
])('limited to %j the silence %j is theirs: %j', async (limits, given, isTheirs) => {
  const silence = { id: 's', from: '', until: '', who: 'ada', why: 'moving', pattern: '', ...given };
  const ended: string[] = [];
  const kept: Silence[] = [];
  const ledger: FolderLedger = {
    ...aLedger(),
    alerts: {
      ...aLedger().alerts,
      silences: async () => [silence],
      silence: async (each) => void kept.push(each),
      endSilence: async (id) => ended.push(id) > 0,
    },
  };
  const { alerts } = limited(ledger, limits);
  expect(await alerts.silences()).toEqual(isTheirs ? [silence] : []);
  expect(await alerts.endSilence('s')).toBe(isTheirs);
  if (isTheirs) await alerts.silence(silence);
  else await expect(alerts.silence(silence)).rejects.toThrow(NotTheirsError);
  expect([ended, kept]).toEqual(isTheirs ? [['s'], [silence]] : [[], []]);
});
