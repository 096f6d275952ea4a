import { sources } from './sources.ts';

/** What the ledger does beyond a limit. Many limits have one in common. */
export interface Response {
  readonly title: string;
  readonly text: string;
}

export const responses = {
  resent: {
    title: 'The stream refuses records',
    text: 'Firehose refuses part of a call. The clients send it again, waiting up to 30 s between tries and holding 8 MiB or 50,000 events meanwhile; what finds no room there is dropped and counted (`stats().dropped`, `onError`). It is the one limit beyond which events can be lost: those that the ledger never had. Firehose grows by itself, slowly. The alarm Throttled rings.',
  },
  slowDown: {
    title: 'S3 answers "slow down"',
    text: 'Firehose tries again for up to 24 hours. Athena tries again, and the statement takes longer, or fails and is run again at the next tick.',
  },
  noFunction: {
    title: 'Lambda refuses calls',
    text: 'Firehose tries the transform three more times, then writes the records into `failed/`, from where they are accepted again (alarm FailedRecords). Messages wait in the queue, stages for their next tick, the clock for its next minute. While a backlog lasts, tracking alone may take as many functions as the event source lets it.',
  },
  tracksLate: {
    title: 'Messages wait in the queue',
    text: 'They wait for up to four days. Live runs and alerts are late (alarm TrackingLag) and catch up after the busy hour. The tables take in what is tracked, so they are late too.',
  },
  tableRefuses: {
    title: 'The live table refuses writes',
    text: `The function tries again for some seconds, then leaves the message to the queue, which brings it back. After five times the message waits in the queue Untracked for 14 days, with an alarm; the nightly maintenance, or a redrive, takes it in. Live runs and alerts are late (alarm TrackingLag); the raw lines are there. An index that cannot follow makes the whole table refuse ([${sources.dynamodbIndex.title}](${sources.dynamodbIndex.url})), and transactions on one item conflict before its rate is reached.`,
  },
  clockCutOff: {
    title: 'A check of the clock is cut off',
    text: 'The next one goes on where it was (alarm ClockFailing). Runs that are late or silent are told late.',
  },
  stageLate: {
    title: 'A stage runs out of minutes',
    text: 'It stops and goes on at its next tick. Objects wait and none is skipped; the tables are late (alarms CompactionLag, SummaryLag) until the busy hour is over. Where the mean hour reaches the limit, they never catch up.',
  },
  statementCancelled: {
    title: 'Athena cancels a statement',
    text: 'What it read is billed. The stage fails at every tick, and nothing is marked, parked or lost: the tables stand still (alarms CompactionLag, SummaryLag), while the live lane goes on. Of the nightly OPTIMIZE: small files stay, and statements become slower; after a night that failed, two days have to fit.',
  },
  alertsLate: {
    title: 'Alerts wait',
    text: 'An alert is recorded only once it is published: a call that fails is made again with the message, so an alert is late and not lost. EventBridge delays the calls of functions. A message that SNS refuses is tried twice more, then the alert waits in the queue Undone, with an alarm.',
  },
  peopleLate: {
    title: 'People get no more than they can read',
    text: 'SNS mails no faster, and AWS does not say whether it keeps or drops the rest (alarm UndeliveredMail); Amazon Q shows no more than its rate. The ledger knows every failed run: ask it.',
  },
} as const satisfies Readonly<Record<string, Response>>;

export type ResponseName = keyof typeof responses;
