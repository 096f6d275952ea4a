import { expect, test } from 'vitest';
import { type Finding, fail, ok, runChecks, warn } from '../../../cli/doctor/check.ts';
import { examineLocal } from '../../../cli/doctor/examine-local.ts';
import { objectChecks } from '../../../cli/doctor/object-checks.ts';
import type { OpenLedger } from '../../../cli/opened-ledger.ts';
import { VERSION } from '../../../ledger/version.ts';
import { aLedger, anAnswer, anInspection, anIo, aSummary, NOW, runOn } from '../fakes.ts';

const found = (...checks: readonly Finding[]) => ({ examine: async () => checks });
const good: Finding = { link: 'stream', ...ok('ACTIVE') };
const odd: Finding = { link: 'mail topic', ...warn('nobody hears alerts', 'subscribe') };
const bad: Finding = { link: 'undone', ...fail('2 messages', 'read them') };

test('a line a link, with what to do below it; a failure ends with exit code 1', async () => {
  const { code, out, err } = await runOn(aLedger(), ['doctor'], anIo(), found(good, odd, bad));
  expect(out).toBe(
    [
      'ok    stream      ACTIVE',
      'warn  mail topic  nobody hears alerts',
      '                  → subscribe',
      'fail  undone      2 messages',
      '                  → read them',
      '',
    ].join('\n'),
  );
  expect(err).toBe('error: 1 link failed, 1 warning\n');
  expect(code).toBe(1);
});

test('warnings alone end with exit code 0', async () => {
  expect(await runOn(aLedger(), ['doctor'], anIo(), found(good, odd))).toMatchObject({ code: 0, err: '1 warning\n' });
  expect(await runOn(aLedger(), ['doctor'], anIo(), found(good))).toMatchObject({ code: 0, err: 'all is well\n' });
});

test('as JSON the findings are printed whole, whatever they are', async () => {
  const { code, out } = await runOn(aLedger(), ['doctor', '--json'], anIo(), found(good, bad));
  expect(JSON.parse(out)).toEqual([good, bad]);
  expect(code).toBe(1);
});

test('a look that cannot be taken is a finding of its link, and does not keep the others from being taken', async () => {
  const links = [
    { link: 'a', run: () => Promise.reject(new Error('oh')) },
    { link: 'b', run: async () => [ok('one'), ok('two')] },
  ];
  expect(await runChecks(links)).toEqual([
    { link: 'a', ...fail('oh', 'fix what the message says, then check again') },
    { link: 'b', ...ok('one') },
    { link: 'b', ...ok('two') },
  ]);
});

test('an object that was put aside is named, with why', async () => {
  const parked = [{ object: 'raw/dt=2025-11-03/hh=10/x', why: 'no gzip' }];
  const ledger = aLedger({ summary: async () => aSummary({ version: VERSION, parked }) });
  const checks = await examineLocal(async () => ledger, {}, anIo());
  expect(checks.filter(({ verdict }) => verdict === 'fail').map(({ found }) => found)).toContain(
    'raw/dt=2025-11-03/hh=10/x: no gzip',
  );
  expect(ledger.calls.map(([name]) => name)).toContain('close');
});

test.each([
  [0, 'ok', 'none is open'],
  [3_893, 'warn', '3,893 lines could not be accepted'],
])('%i open rejections are %s', async (open, verdict, found) => {
  const ledger = aLedger({ query: async () => anAnswer(['open'], [open]) });
  const checks = await examineLocal(async () => ledger, {}, anIo());
  expect(checks.find(({ link }) => link === 'rejections')).toMatchObject({ verdict, found });
});

test('a ledger of another version than this program is a warning', async () => {
  const ledger = {
    ...aLedger({ summary: async () => aSummary({ version: '0.0.1' }) }),
    where: 'http://127.0.0.1:4319',
  };
  const [check] = await examineLocal(async () => ledger, {}, anIo());
  expect(check).toMatchObject({
    verdict: 'warn',
    found: `serves at http://127.0.0.1:4319, version 0.0.1, 3 runs, but this program is ${VERSION}`,
  });
});

test('a ledger that cannot be opened is the one finding', async () => {
  const open: OpenLedger = () => Promise.reject(new Error('there is no ledger in x'));
  expect(await examineLocal(open, {}, anIo())).toEqual([
    { link: 'ledger', ...fail('there is no ledger in x', 'then look again') },
  ]);
});

test.each([
  ['12:00:00.000', 'ok', '1 object waits'],
  ['11:50:00.000', 'ok', '1 object waits, one of them for 10 min'],
  ['11:00:00.000', 'warn', '1 object waits, one of them for 1 h'],
  ['09:00:00.000', 'fail', '1 object waits, one of them for 3 h'],
])('an object that waits at noon since %s to be compacted is %s', async (time, verdict, said) => {
  const links = objectChecks({
    summary: async () => aSummary({ objects: { ...aSummary().objects, tracked: 1 } }),
    waitingSince: async () => `${NOW.slice(0, 10)}T${time}Z`,
    now: () => NOW,
    where: 'the log',
  });
  const checks = await runChecks(links);
  expect(checks.find(({ link }) => link === 'compaction')).toMatchObject({ verdict, found: said });
});

test('what keeps a ledger from its work is named, and so are raw files that are not as recorded', async () => {
  const troubles = [{ part: 'live runs', cause: 'it is locked', since: NOW }];
  const raw = {
    objects: 3,
    missing: Array.from({ length: 11 }, (_, at) => `raw/gone-${at}`),
    changed: [{ object: 'raw/cut', recorded_bytes: 2_000, found_bytes: 100 }],
    unrecorded: ['raw/new'],
  };
  const ledger = aLedger({
    summary: async () => aSummary({ version: VERSION, troubles }),
    inspect: async () => anInspection({ raw, lands: false }),
  });
  const found = await examineLocal(async () => ledger, {}, anIo());
  const of = (link: string) => found.filter((each) => each.link === link).map((each) => [each.verdict, each.found]);
  expect(of('ingest')).toEqual([['fail', `live runs: it is locked (since ${NOW})`]]);
  expect(of('raw files')).toEqual([
    ...raw.missing.slice(0, 10).map((object) => ['fail', `${object} is recorded, and gone`]),
    ['fail', 'raw/cut has 100 B where 2.0 kB landed'],
    ['warn', '1 raw file not recorded, the first raw/new'],
    ['fail', '1 more like these'],
  ]);
});
