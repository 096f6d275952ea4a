import { expect, test } from 'vitest';
import { instantIn, numberIn, rowsOf } from '../../dashboard/src/http/rows.ts';
import { bytesShown, shareShown } from '../../dashboard/src/parts/amounts.ts';
import { chartOf, csvOf } from '../../dashboard/src/views/ask/answer.ts';
import { stepLines } from '../../dashboard/src/views/pipeline/step-lines.ts';
import {
  datesUntil,
  daysByPipeline,
  dayWords,
  pipelineKey,
  toneOfDay,
} from '../../dashboard/src/views/pipelines/grid.ts';
import { qualityByDataset } from '../../dashboard/src/views/quality/scores.ts';

test('rows are read by name; numbers that travel as text are numbers, and nothing unknown is 0', () => {
  const [row = {}] = rowsOf({
    columns: [
      { name: 'a', type: 'bigint' },
      { name: 'b', type: 'varchar' },
    ],
    rows: [['12', null]],
  });
  expect([
    numberIn(row, 'a'),
    numberIn(row, 'b'),
    numberIn(row, 'c'),
    numberIn({ a: '' }, 'a'),
    numberIn({ a: 'x' }, 'a'),
  ]).toEqual([12, null, null, null, null]);
});

test.each([
  ['2026-11-30T01:02:03.456Z', '2026-11-30T01:02:03.456Z'],
  ['2026-11-30 01:02:03.456', '2026-11-30T01:02:03.456Z'],
  ['2026-11-30', '2026-11-30T00:00:00Z'],
  ['soon', null],
])('the instant %j is read, whichever engine wrote it', (text, instant) => {
  expect(instantIn({ at: text }, 'at')).toBe(instant);
});

test('CSV quotes what must be, and lists are JSON', () => {
  const columns = [
    { name: 'a,b', type: 'varchar' },
    { name: 'c', type: 'integer[]' },
  ];
  expect(
    csvOf({
      columns,
      rows: [
        ['say "hi"\nthere', [1, 2]],
        [null, 'plain'],
      ],
    }),
  ).toBe('"a,b",c\r\n"say ""hi""\nthere","[1,2]"\r\n,plain\r\n');
});

test('an answer with a time and numbers is a chart, in the order of time; another one is none', () => {
  const columns = [
    { name: 'day', type: 'date' },
    { name: 'runs', type: 'bigint' },
    { name: 'who', type: 'varchar' },
  ];
  const chart = chartOf({
    columns,
    rows: [
      ['2026-11-02', '7', 'a'],
      ['2026-11-01', 3, 'b'],
      [null, 9, 'c'],
    ],
  });
  expect(chart?.at).toEqual([Date.UTC(2026, 10, 1), Date.UTC(2026, 10, 2)]);
  expect(chart?.lines.map(({ label, values }) => [label, values])).toEqual([['runs', [3, 7]]]);
  expect(
    chartOf({
      columns: columns.slice(1),
      rows: [
        [1, 'a'],
        [2, 'b'],
      ],
    }),
  ).toBeUndefined();
});

test.each([
  [null, '–'],
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 KB'],
  [5 * 1024 ** 3, '5.0 GB'],
  [2 ** 60, '1024 PB'],
])('%s bytes read %s', (bytes, shown) => {
  expect(bytesShown(bytes)).toBe(shown);
});

test.each([
  [null, '–'],
  [1, '100 %'],
  [0, '0 %'],
  [0.9999, '> 99.9 %'],
  [0.0001, '< 0.1 %'],
  [0.9634, '96.3 %'],
])('a share of %s reads %s: nearly all is not all', (share, shown) => {
  expect(shareShown(share)).toBe(shown);
});

test('the grid has a cell for each day of each pipeline, which says its worst', () => {
  const row = {
    environment: 'prod',
    process_name: 'p',
    day: '2026-11-30',
    runs: 3,
    failed: '1',
    late: 0,
    running: 0,
    worst_status: 'FAILED',
  };
  const cell = daysByPipeline([row]).get(pipelineKey('prod', 'p'))?.get('2026-11-30');
  expect([cell && dayWords(cell), toneOfDay(cell), toneOfDay(undefined)]).toEqual([
    '2026-11-30: 3 runs, 1 failed',
    'some',
    'none',
  ]);
  expect(datesUntil('2026-03-01', 3)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
});

test('datasets come with the worst first, their days together', () => {
  const row = (
    dataset: string,
    day: string,
    checks: number,
    failed_checks: number,
    last_failed_check: string | null,
  ) => ({
    ...{ environment: 'prod', dataset, day, checks, failed_checks, last_failed_check, last_run_id: `r-${day}` },
  });
  const [worst, best] = qualityByDataset([
    row('good', '2026-11-01', 4, 0, null),
    row('bad', '2026-11-01', 2, 1, 'old'),
    row('bad', '2026-11-02', 2, 0, null),
  ]);
  expect([worst?.dataset, worst?.score, worst?.lastFailedCheck, worst?.lastRunId, best?.score]).toEqual([
    'bad',
    0.75,
    'old',
    'r-2026-11-02',
    1,
  ]);
});

test('of many steps the slowest are drawn, each day in its place', () => {
  const rows = Array.from({ length: 8 }, (_, at) => ({
    step_name: `s${at}`,
    day: `2026-11-0${1 + (at % 2)}`,
    median_ms: at * 100,
  }));
  const { at, lines, left } = stepLines(rows);
  expect([at.length, lines.map(({ label }) => label), left]).toEqual([2, ['s7', 's6', 's5', 's4', 's3', 's2'], 2]);
  expect(lines[0]?.values).toEqual([null, 700]);
});
