import { expect, test } from 'vitest';
import { pingStateOf } from '../../core/ping.ts';
import { NotTheirsError } from '../../core/token/limit-errors.ts';
import type { Limits } from '../../core/token/limits.ts';
import { acceptRecords } from '../../flows/accept.ts';
import { admitEvents, admitPing } from '../../flows/admit-events.ts';
import { settings } from '../lambdas/fakes.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const clock = { now: () => NOW };
const OWNERS: Readonly<Record<string, string | null>> = { ours: 'team-a', theirs: 'team-b', nobodys: null };
const portsOf = (limits: Limits) => ({
  ...{ limits, settings, clock },
  ownerOf: async ({ process_name }: { readonly process_name: string }) => OWNERS[process_name],
});
const TEAM_A: Limits = { owners: ['team-a'], environments: ['prod'] };
const bytes = (text: string) => new TextEncoder().encode(text);
const aLine = (change: object = {}) =>
  JSON.stringify({ process_name: 'ours', run_id: '1', event_type: 'RUN_START', ...change });
/** What lands of these lines. */
async function admitted(limits: Limits, ...lines: readonly string[]) {
  const records = await admitEvents(portsOf(limits))([bytes(lines.join('\n'))]);
  return acceptRecords(records, NOW, settings);
}
const refusalOf = (limits: Limits, ...lines: readonly string[]): Promise<string> =>
  admitted(limits, ...lines).then(
    () => 'admitted',
    (error: unknown) => (error instanceof NotTheirsError ? error.message : expect.unreachable(String(error))),
  );

test('events of their pipelines, and of pipelines that nobody knows yet, are let through as theirs', async () => {
  const { events } = await admitted(
    TEAM_A,
    aLine(),
    aLine({ process_name: 'new', owner: 'team-a' }),
    aLine({ process_name: 'newer' }),
  );
  expect(events.map(({ process_name, owner }) => [process_name, owner])).toEqual([
    ['ours', 'team-a'],
    ['new', 'team-a'],
    ['newer', 'team-a'],
  ]);
});

test.each([
  ['another environment', aLine({ environment: 'test' })],
  ['an environment in a tag', aLine({ tags: { env: 'test' } })],
  ['another owner', aLine({ owner: 'team-b' })],
  ['a pipeline of others', aLine({ process_name: 'theirs' })],
  ['a pipeline of others that is said to be theirs', aLine({ process_name: 'theirs', owner: 'team-a' })],
  ['a pipeline of others by its other name', '{"pipeline_name":"theirs","run_id":"1","status":"STARTED"}'],
  ['a pipeline of nobody', aLine({ process_name: 'nobodys', owner: 'team-a' })],
  ['an owner given twice', `${aLine({ owner: 'team-a' }).slice(0, -1)},"owner":"team-b"}`],
  ['a second event on one line', `${aLine()}${aLine({ process_name: 'theirs' })}`],
])('%s is refused, and with it all that was sent', async (_, line) => {
  expect(await refusalOf(TEAM_A, aLine(), line)).toMatch(
    /^expected events that this token may send \(it is limited to team-a, prod\), but got in line 2 an event of .+; nothing was taken/,
  );
});

test('whose the pipeline of others is, is not told', async () => {
  expect(await refusalOf(TEAM_A, aLine({ process_name: 'theirs' }))).not.toContain('team-b');
});

test('an owner that says nothing is no owner: theirs holds', async () => {
  for (const owner of [null, '', ' ']) {
    const { events } = await admitted(TEAM_A, aLine({ owner }));
    expect(events.map((event) => event.owner)).toEqual(['team-a']);
  }
});

test('of several owners none is added, and each is let through', async () => {
  const limits = { owners: ['team-a', 'team-c'] };
  const { events } = await admitted(limits, aLine(), aLine({ process_name: 'new', owner: 'team-c' }));
  expect(events.map(({ owner = null }) => owner)).toEqual([null, 'team-c']);
});

test('without limits to owners the environment alone counts, and lines travel as they came', async () => {
  const records = [bytes(`${aLine({ process_name: 'theirs', owner: 'team-b' })}\r\n\n`)];
  expect(await admitEvents(portsOf({ environments: ['prod'] }))(records)).toBe(records);
  expect(await refusalOf({ environments: ['prod'] }, aLine({ environment: 'test' }))).toContain(
    'in the environment test',
  );
});

test('what is no event is let through, to be kept as a rejection, and lines beside it as they are', async () => {
  const damaged = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  const records = await admitEvents(portsOf(TEAM_A))([bytes('not json'), damaged, bytes(aLine())]);
  const { counts, rejections, events } = acceptRecords(records, NOW, settings);
  expect(counts).toMatchObject({ received: 3, accepted: 1, rejected: 2 });
  const as = acceptRecords([bytes('not json'), damaged], NOW, settings);
  expect(rejections.map(({ rejection_key }) => rejection_key)).toEqual(
    as.rejections.map(({ rejection_key }) => rejection_key),
  );
  expect(events[0]?.owner).toBe('team-a');
});

test('a rejected line that is sent again is refused: the rejection is not theirs to decide on', async () => {
  const resent = `{"runledger_resend":"${'a'.repeat(32)}","line":${JSON.stringify(aLine())}}`;
  expect(await refusalOf(TEAM_A, resent)).toContain('that needs a token without limits');
});

test('a ping of theirs says whose it is, and one of others is refused', async () => {
  const admit = admitPing({ limits: TEAM_A, clock }, admitEvents(portsOf(TEAM_A)));
  const ping = { state: pingStateOf('start') ?? 'start', output: '', environment: 'prod' } as const;
  expect(await admit({ ...ping, pipeline: 'new' })).toEqual({ ...ping, pipeline: 'new', owner: 'team-a' });
  await expect(admit({ ...ping, pipeline: 'theirs' })).rejects.toThrow(NotTheirsError);
  await expect(admit({ ...ping, pipeline: 'ours', environment: 'test' })).rejects.toThrow(NotTheirsError);
});
