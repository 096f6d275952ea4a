import type { Limit, Load } from '../limit.ts';

const failedRuns = ({ peak, shape }: Load): number => (peak.runs * shape.failedPerHundred) / 100;

export const alertLimits: readonly Limit[] = [
  {
    what: 'events put on the bus',
    unit: 'calls/s',
    source: 'eventBridge',
    quota: { large: 10_000, small: 400 },
    use: failedRuns,
    response: 'alertsLate',
    lift: 'The quota "PutEvents throttle limit in transactions per second".',
  },
  {
    what: 'calls of the function that notifies, from the bus',
    unit: 'calls/s',
    source: 'eventBridge',
    quota: { large: 18_750, small: 750 },
    use: failedRuns,
    response: 'alertsLate',
    lift: 'The quota "Invocations throttle limit in transactions per second".',
  },
  {
    what: 'messages published to topics',
    unit: 'messages/s',
    source: 'sns',
    quota: { large: 9_000, small: 300 },
    use: (load) => 2 * failedRuns(load),
    response: 'alertsLate',
    lift: 'The quota of SNS for Publish, by account and region.',
  },
  {
    what: 'mails',
    unit: 'mails/s',
    source: 'sns',
    quota: 10,
    use: failedRuns,
    response: 'peopleLate',
    lift: 'It is a hard limit. Nobody reads ten mails a second: subscribe a function or a queue to the bus instead.',
  },
  {
    what: 'chat messages',
    unit: 'messages/s',
    source: 'chat',
    quota: 10,
    use: failedRuns,
    response: 'peopleLate',
    lift: 'It is a hard limit; subscribe to the bus instead.',
  },
];
