import { expect, test } from 'vitest';
import { factsOf } from '../../../scripts/cost/stack-facts.ts';
import { type Resource, synthesizedResources } from '../../../scripts/template.ts';

const resources = synthesizedResources();
const facts = factsOf(resources);
const withAlarm = (Properties: Resource['Properties']) =>
  factsOf([...resources, { id: 'Another', Type: 'AWS::CloudWatch::Alarm', Properties }]);

test('an alarm over one metric is one, an alarm over a sum of metrics as many as it adds up', () => {
  expect(withAlarm({ Namespace: 'AWS/Lambda', MetricName: 'Errors' }).alarmMetrics).toBe(facts.alarmMetrics + 1);
  const stat = (MetricName: string) => ({ MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName } } });
  const sum = { Metrics: [{ Expression: 'a + b' }, stat('Errors'), stat('Throttles')] };
  expect(withAlarm(sum).alarmMetrics).toBe(facts.alarmMetrics + 2);
});

test('a metric of the ledger is counted once however many alarms watch it', () => {
  const watched = { Namespace: 'Runledger', MetricName: 'another' };
  expect(withAlarm(watched).metrics).toBe(facts.metrics + 1);
  const twice = factsOf([
    ...resources,
    { id: 'One', Type: 'AWS::CloudWatch::Alarm', Properties: watched },
    { id: 'Two', Type: 'AWS::CloudWatch::Alarm', Properties: watched },
  ]);
  expect(twice.metrics).toBe(facts.metrics + 1);
});

test('a schedule whose calls cannot be counted is refused', () => {
  const odd = { ScheduleExpression: 'cron(0 9 ? * MON-FRI *)' };
  const schedule = { id: 'OddSchedule0123ABCD', Type: 'AWS::Scheduler::Schedule', Properties: odd };
  expect(() => factsOf([...resources, schedule])).toThrow('expected a rate or a daily cron, but got cron(0 9');
});
