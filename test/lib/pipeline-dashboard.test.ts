import { expect, test } from 'vitest';
import { aStack, ledgerFunctions, resourcesOf, variablesOf } from './a-stack.ts';

const { template } = aStack({ dashboardPipelines: 'orders, daily customers' });
const bodyOf = (): string => {
  const [, dashboard] =
    Object.entries(resourcesOf(template, 'AWS::CloudWatch::Dashboard')).find(([id]) =>
      id.startsWith('PipelineDashboard'),
    ) ?? [];
  return JSON.stringify(dashboard?.Properties.DashboardBody).replaceAll('\\"', '"');
};

test('of each pipeline that is named the dashboard shows how its runs ended, and how long they took', () => {
  const body = bodyOf();
  for (const pipeline of ['orders', 'daily customers']) {
    for (const metric of ['runs_succeeded', 'runs_failed', 'run_duration_seconds'])
      expect(body).toContain(`["Runledger","${metric}","pipeline","${pipeline}","service","runledger-prod"`);
  }
});

test('the function that tracks runs is told which pipelines to measure, in which environment', () => {
  const track = ledgerFunctions(template).LiveLaneTrackRuns;
  expect(variablesOf(track?.Properties ?? {})).toMatchObject({
    LEDGER_MEASURED_PIPELINES: '["orders","daily customers"]',
    LEDGER_ENVIRONMENT: 'prod',
  });
});

test('their number is bounded, and their names are what CloudWatch takes', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
  expect(() => aStack({ dashboardPipelines: names(21) })).toThrow('dashboardPipelines: expected at most 20 names');
  for (const wrong of ['Überweisungen', ':orders', 'x'.repeat(81)])
    expect(() => aStack({ dashboardPipelines: wrong })).toThrow('dashboardPipelines');
});

test('without any there is neither the dashboard nor a metric of a pipeline', () => {
  expect(JSON.stringify(aStack().template.toJSON())).not.toMatch(/PipelineDashboard|LEDGER_MEASURED_PIPELINES/);
});
