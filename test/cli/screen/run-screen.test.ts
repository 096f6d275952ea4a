import { expect, test } from 'vitest';
import { listedOf } from '../../../cli/screen/listed-run.ts';
import { runScreen } from '../../../cli/screen/run-screen.ts';
import { runTable } from '../../../cli/screen/run-table.ts';
import type { Screen } from '../../../cli/screen/screen.ts';
import { anOpenRun, aRun, aStep, NOW } from '../fakes.ts';

const screen = (width?: number): Screen => ({
  isTerminal: width !== undefined,
  width,
  line: () => undefined,
  paint: (_, text) => text,
});

test('a run is shown with its facts, its steps on a line of time, and what to type next', () => {
  const run = aRun({
    records_in: 1_198_000,
    records_out: 1_150_000,
    data_size_bytes_in: 1_200_000_000,
    expected_max_duration_ms: 300_000,
    owner: 'data-platform',
    run_attempt: 2,
  });
  const steps = [
    aStep({ step_name: 'extract', end_time: '2025-11-03T11:05:00.000Z', duration_ms: 300_000, records_out: 1_198_000 }),
    aStep({
      step_name: 'load',
      attempt: 2,
      start_time: '2025-11-03T11:05:00.000Z',
      duration_ms: 300_000,
      records_in: 1_198_000,
    }),
  ];
  expect(runScreen({ run, steps }, NOW, screen(), { program: 'runledger' }).join('\n')).toBe(
    `SUCCESS  daily_orders  run-1

  environment    prod
  started        2025-11-03 11:00:00 UTC
  took           10 min, 5 min over its SLA of 5 min
  records        1,198,000 in, 1,150,000 out
  size           1.2 GB in, – out
  run attempt    2
  owner          data-platform

  step                                            status    took         in        out
  extract       ━━━━━━━━━━━━━━━━················  SUCCESS  5 min          –  1,198,000
  load (try 2)  ················━━━━━━━━━━━━━━━━  SUCCESS  5 min  1,198,000          –

  next           runledger events run-1 --pipeline daily_orders`,
  );
});

test('the instances of a mapped step are told apart by their index, and a mended one has its try', () => {
  const steps = [
    aStep({ step_name: 'load', map_index: 0 }),
    aStep({ step_name: 'load', map_index: 1, attempt: 2 }),
    aStep({ step_name: 'load', map_index: 2 }),
  ];
  const text = runScreen({ run: aRun(), steps }, NOW, screen(), { program: 'runledger' }).join('\n');
  expect(text.match(/^ {2}load\S*( \(try \d\))?/gm)).toEqual(['  load[0]', '  load[1] (try 2)', '  load[2]']);
});

test('the first error is shown with what its code means and what to do', () => {
  const run = aRun({
    status: 'FAILED',
    error_code: 'R401',
    error_message: 'Java heap space',
    error_retryable: true,
    error_step: 'transform',
  });
  const lines = runScreen({ run, steps: [] }, NOW, screen(), { program: 'runledger' });
  expect(lines).toContain('  error          R401 OutOfMemory (resource, trying again may help)');
  expect(lines).toContain('                 in step transform: Java heap space');
  expect(lines).toContain(
    '  advice         It ran out of memory: use larger or more nodes, smaller partitions, or look for a skewed join.',
  );
});

test('an error without a code is shown as its message', () => {
  const run = aRun({ status: 'FAILED', error_message: 'no space left' });
  expect(runScreen({ run, steps: [] }, NOW, screen(), { program: 'runledger' })).toContain(
    '  error          no space left',
  );
});

test('ends that contradict each other are shown with who reported them', () => {
  const run = aRun({ status: 'FAILED', status_conflict: 'FAILED by aws.glue, SUCCESS by producer' });
  expect(runScreen({ run, steps: [] }, NOW, screen(), { program: 'runledger' })).toContain(
    '  conflict       FAILED by aws.glue, SUCCESS by producer',
  );
  expect(runTable([listedOf(run, NOW)], NOW, screen()).at(-1)).toContain(
    'conflict: FAILED by aws.glue, SUCCESS by producer',
  );
});

test('a run that is silent too long says since when', () => {
  const run = anOpenRun({ status: 'LOST', last_event_at: '2025-11-03T11:02:00.000Z' });
  expect(runScreen({ run, steps: [] }, NOW, screen(), { program: 'runledger' })).toContain(
    '  last event     2025-11-03 11:02:00 UTC, 58 min ago; expected one within 3 min',
  );
});

test('what still runs goes on to the end of the picture', () => {
  const steps = [
    aStep({ end_time: '2025-11-03T11:30:00.000Z', duration_ms: 1_800_000 }),
    aStep({
      step_name: 'load',
      status: 'RUNNING',
      start_time: '2025-11-03T11:30:00.000Z',
      end_time: null,
      duration_ms: null,
    }),
  ];
  const lines = runScreen({ run: anOpenRun(), steps }, NOW, screen(), { program: 'runledger' });
  expect(lines).toContain('  took           1 h…');
  expect(lines.find((line) => line.includes('load'))).toMatch(/·{16}━{15}╸ {2}RUNNING {2}30 min…/);
});

test('hostile names reach neither the terminal nor the command to type', () => {
  const run = aRun({
    process_name: '\u001b[2J"; rm -rf /',
    run_id: "x'$(id)\u0007",
    error_message: 'a\u001b]0;t\u0007b',
    error_code: 'E3001',
  });
  const text = runScreen({ run, steps: [aStep({ step_name: 'a\nb' })] }, NOW, screen(80), {
    program: 'runledger',
  }).join('\n');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  const next = text.slice(text.indexOf('  next'));
  expect(next).toBe('  next           runledger runs');
  const shown = runScreen({ run: { ...run, run_id: "x'$(id)" }, steps: [] }, NOW, screen(80), { program: 'runledger' });
  expect(shown.at(-1)).toBe("  next           runledger events 'x'\\''$(id)'");
});

test('on a terminal nothing but the command to type is wider than it', () => {
  const run = aRun({ status: 'FAILED', error_code: 'D201', error_message: 'word '.repeat(60), error_step: 'load' });
  const steps = [
    aStep({ step_name: 'a step with a name of some length', records_in: 1_198_000, records_out: 1_198_000 }),
  ];
  const lines = runScreen({ run, steps }, NOW, screen(80), { program: 'runledger' });
  for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(80);
});

test('runs of several environments are told apart by it', () => {
  const [head = '', ...rows] = runTable(
    [aRun(), anOpenRun({ environment: 'test', run_id: 'run-2' })].map((run) => listedOf(run, NOW)),
    NOW,
    screen(),
  );
  expect(head).toBe('status   env   pipeline      run    started (UTC)          took  in  out  owner  error');
  expect(rows).toEqual([
    'SUCCESS  prod  daily_orders  run-1  2025-11-03 11:00:00  10 min   –    –',
    'RUNNING  test  daily_orders  run-2  2025-11-03 11:00:00    1 h…   –    –',
  ]);
  expect(runTable([listedOf(aRun(), NOW)], NOW, screen())[0]).not.toContain('env');
});
