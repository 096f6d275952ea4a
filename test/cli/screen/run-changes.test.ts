import { expect, test } from 'vitest';
import { changeLine, followRuns } from '../../../cli/screen/run-changes.ts';
import type { ShownRun } from '../../../core/run/shown-run.ts';
import { aLedger, anOpenRun, aRun } from '../fakes.ts';

const paint = (_: string, text: string): string => text;

/** A ledger that answers these runs at one look after the other. */
function looks(...seen: readonly (readonly ShownRun[])[]) {
  let look = 0;
  const ledger = aLedger({
    runs: async ({ open }) => (seen[look] ?? []).filter((run) => !open || run.end_time === null),
    show: async ({ run_id }) => [{ run: aRun({ run_id, status: 'FAILED' }), steps: [] }],
  });
  return {
    ledger,
    next: async () => {
      look += 1;
    },
  };
}

async function changesOf(...seen: readonly (readonly ShownRun[])[]): Promise<string[][]> {
  const { ledger, next } = looks(...seen);
  const all: string[][] = [];
  for await (const changes of followRuns(ledger, {}, next)) {
    all.push(changes.map(({ before, run }) => `${run.run_id}: ${before ?? 'new'} > ${run.status}`));
    if (all.length === seen.length) break;
  }
  return all;
}

test('first the latest runs are told, then only what changed', async () => {
  const old = aRun({ run_id: 'old', last_event_at: '2025-11-03T11:00:00.000Z' });
  expect(
    await changesOf(
      [old, anOpenRun({ run_id: 'a' })],
      [old, anOpenRun({ run_id: 'a' })],
      [old, aRun({ run_id: 'a' }), anOpenRun({ run_id: 'b', last_event_at: '2025-11-03T11:20:00.000Z' })],
    ),
  ).toEqual([['old: new > SUCCESS', 'a: new > RUNNING'], [], ['a: RUNNING > SUCCESS', 'b: new > RUNNING']]);
});

test('at first only the last ten are told, in the order of their last events', async () => {
  const runs = Array.from({ length: 30 }, (_, at) =>
    aRun({ run_id: `run-${at}`, last_event_at: `2025-11-03T11:${10 + at}:00.000Z` }),
  );
  const [first = []] = await changesOf(runs.toReversed());
  expect(first).toHaveLength(10);
  expect([first[0], first.at(-1)]).toEqual(['run-20: new > SUCCESS', 'run-29: new > SUCCESS']);
});

test('a run that was open is followed to its end, even when no list has it any more', async () => {
  expect(await changesOf([anOpenRun({ run_id: 'a' })], [])).toEqual([['a: new > RUNNING'], ['a: RUNNING > FAILED']]);
});

test('runs of one id in two environments are two runs', async () => {
  const both = [anOpenRun(), anOpenRun({ environment: 'test' })];
  expect(await changesOf(both, [aRun(), anOpenRun({ environment: 'test' })])).toEqual([
    ['run-1: new > RUNNING', 'run-1: new > RUNNING'],
    ['run-1: RUNNING > SUCCESS'],
  ]);
});

test('a change is one line', () => {
  expect(changeLine({ before: undefined, run: anOpenRun() }, { paint })).toBe('11:10:00  RUNNING  daily_orders  run-1');
  expect(changeLine({ before: 'RUNNING', run: aRun({ records_out: 1_198_000 }) }, { paint })).toBe(
    '11:10:00  RUNNING → SUCCESS  daily_orders  run-1  10 min, 1,198,000 out',
  );
  expect(
    changeLine(
      { before: 'RUNNING', run: aRun({ status: 'FAILED', error_code: 'D201', error_message: 'a\n\u001b[2Jb' }) },
      { paint },
    ),
  ).toBe('11:10:00  RUNNING → FAILED  daily_orders  run-1  10 min  D201 a b');
});
