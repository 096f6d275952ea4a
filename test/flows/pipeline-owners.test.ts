import { expect, test } from 'vitest';
import { readPipelines } from '../../core/pipelines/read-pipelines.ts';
import { pipelineOwners } from '../../flows/pipeline-owners.ts';
import { aClock } from '../fakes/clock.ts';

type Runs = Awaited<ReturnType<Parameters<typeof pipelineOwners>[0]['runs']>>;
const NONE = { run_id: null, owner: null, start_time: null, queued_at: null, first_event_at: null };
const key = { environment: 'prod', process_name: 'orders' };

function owners(runs: Runs, file = 'version: 1') {
  const clock = aClock('2025-11-03T12:00:00.000Z');
  const known = { runs: [...runs], file };
  const expectationsIn = () =>
    readPipelines(known.file, { datesOf: () => undefined }).expectations ?? expect.unreachable();
  const ownerOf = pipelineOwners({ runs: async () => known.runs, expectations: async () => expectationsIn(), clock });
  return { ownerOf, clock, known };
}

test('the latest run that tells an owner says whose a pipeline is', async () => {
  const { ownerOf } = owners([
    { ...NONE, run_id: '3', start_time: '2025-11-03T03:00:00.000Z' },
    { ...NONE, run_id: '1', owner: 'old', start_time: '2025-11-01T03:00:00.000Z' },
    { ...NONE, run_id: '2', owner: 'now', queued_at: '2025-11-02T03:00:00.000Z' },
  ]);
  expect(await ownerOf(key)).toBe('now');
});

test('the file of pipelines goes before what runs tell', async () => {
  const { ownerOf } = owners([{ ...NONE, owner: 'told' }], 'version: 1\npipelines: { "ord*": { owner: filed } }');
  expect(await ownerOf(key)).toBe('filed');
  expect(await ownerOf({ ...key, process_name: 'other' })).toBe('told');
});

test('a pipeline without an owner is nobody’s, and one without runs is not known', async () => {
  expect(await owners([{ ...NONE, run_id: '1' }]).ownerOf(key)).toBeNull();
  expect(await owners([]).ownerOf(key)).toBeUndefined();
});

test('another owner counts after two seconds, by a run or by the file; a first run at once', async () => {
  const { ownerOf, clock, known } = owners([]);
  expect(await ownerOf(key)).toBeUndefined();
  known.runs = [{ ...NONE, owner: 'a' }];
  expect(await ownerOf(key)).toBe('a');
  known.runs = [{ ...NONE, owner: 'b' }];
  expect(await ownerOf(key)).toBe('a');
  clock.pass(2_000);
  expect(await ownerOf(key)).toBe('b');
  known.file = 'version: 1\npipelines: { orders: { owner: c } }';
  clock.pass(2_000);
  expect(await ownerOf(key)).toBe('c');
});
