import { expect, test, vi } from 'vitest';
import { endedRuns, measuredFrom, measureRuns } from '../../aws/measured-runs.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { anEvent } from '../factories.ts';

// Read when the metrics are made.
vi.hoisted(() => {
  process.env.POWERTOOLS_METRICS_NAMESPACE = 'Runledger';
  process.env.POWERTOOLS_SERVICE_NAME = 'mine';
});

const measured = measuredFrom({ LEDGER_ENVIRONMENT: 'prod', LEDGER_MEASURED_PIPELINES: '["orders"]' });
const run = (...events: readonly Partial<Event>[]) => {
  const [found] = foldRuns(
    events.map((each) => anEvent({ process_name: 'orders', run_id: '1', environment: 'prod', ...each })),
  );
  if (found === undefined) throw new Error('expected a run');
  return found;
};
const START = { event_type: 'RUN_START', event_time: '2025-11-03T12:00:00.000Z' } as const;
const END = { event_type: 'RUN_END', event_time: '2025-11-03T12:01:30.000Z', status: 'SUCCESS' } as const;
const [started, ended] = [run(START), run(START, END)];

test('a run is measured once, as it ends', () => {
  expect(endedRuns([{ before: started, after: ended }], measured)).toEqual([
    { pipeline: 'orders', outcome: 'succeeded', duration_ms: 90_000 },
  ]);
  expect(
    endedRuns([{ before: undefined, after: run(START, { ...END, status: 'TIMED_OUT' }) }], measured),
  ).toMatchObject([{ outcome: 'failed' }]);
  const again = [
    { before: undefined, after: started },
    { before: ended, after: ended },
    { before: ended, after: run(START, END, { event_type: 'HEARTBEAT', event_time: END.event_time }) },
  ];
  expect(endedRuns(again, measured)).toEqual([]);
});

test('no other pipeline, and no other environment, is measured', () => {
  const others = [{ process_name: 'customers' }, { environment: 'test' }];
  for (const other of others) {
    const after = run({ ...START, ...other }, { ...END, ...other });
    expect(endedRuns([{ before: undefined, after }], measured)).toEqual([]);
  }
});

test('it is written as CloudWatch reads it, with the pipeline beside the ledger', () => {
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    measureRuns([{ pipeline: 'orders', outcome: 'failed', duration_ms: 1_500 }]);
  } finally {
    stdout.mockRestore();
  }
  const lines = written
    .filter((each) => each.startsWith('{'))
    .map((each) => JSON.parse(each) as { _aws: { CloudWatchMetrics: { Dimensions: string[][] }[] } });
  expect(lines).toEqual([
    expect.objectContaining({ service: 'mine', pipeline: 'orders', runs_succeeded: 0 }),
    expect.objectContaining({ service: 'mine', pipeline: 'orders', runs_failed: 1 }),
    expect.objectContaining({ service: 'mine', pipeline: 'orders', run_duration_seconds: 1.5 }),
  ]);
  expect(lines[0]?._aws.CloudWatchMetrics).toMatchObject([
    { Namespace: 'Runledger', Dimensions: [['service', 'pipeline']] },
  ]);
});
