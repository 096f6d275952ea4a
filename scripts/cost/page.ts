import { markdownTable, number, usd } from '../format.ts';
import { type BillLine, billOf, totalOf } from './bill.ts';
import { idleUsage } from './idle-usage.ts';
import { liveRuns } from './live-runs.ts';
import { EVENTS_PER_RUN, eventsPerSecond, type Load, landingSeconds } from './load.ts';
import { loadedUsage } from './loaded-usage.ts';
import { assumed, measured } from './measured.ts';
import { pingUsage, refusedUsage } from './pings.ts';
import { prices } from './prices.ts';
import { logScansOf } from './scans.ts';
import { MINUTES_PER_MONTH, readStackFacts, type StackFacts } from './stack-facts.ts';
import { storageSection } from './storage-section.ts';

const MILLIONS = 100;
const VOLUMES = [1e6, 10e6, 100e6, 1e9];
const AIM_IDLE = 3;
const AIM_PER_MILLION = 0.4;
const YEARS = [1, 2, 3];

/** The shape that the page states: runs of the seed's events at the stack's defaults. */
export const usualLoad = (facts: StackFacts): Load => ({
  ...{ events: MILLIONS * 1e6, eventsPerRecord: 500, steps: 4, minutes: 10, promisedSeconds: 0 },
  ...{ flushSeconds: facts.landingSeconds },
  compactEveryMinutes: MINUTES_PER_MONTH / (facts.calls.HistoryLaneCompactEvents ?? 0),
});

/** `docs/cost.md`: what the ledger costs, from prices, the stack's own template, and what was measured. */
export function describeCost(facts: StackFacts = readStackFacts()): string {
  const usual = usualLoad(facts);
  const idle = YEARS.map((year) => billOf(idleUsage(facts, year)));
  const bill = (change: Partial<Load>) => billOf(loadedUsage({ ...usual, ...change }, facts));
  const perMillion = (change: Partial<Load>) => totalOf(bill(change)).dollars / MILLIONS;
  const cell = (change: Partial<Load>) => {
    const dollars = perMillion(change);
    return dollars <= AIM_PER_MILLION ? `**${usd(dollars)}**` : usd(dollars);
  };
  const idleDollars = idle.map((lines) => totalOf(lines).dollars);
  const shapes = liveRuns.filter(
    ({ flushSeconds, promisedSeconds }) => flushSeconds === usual.flushSeconds && promisedSeconds === 0,
  );
  const promised = liveRuns.filter(
    ({ flushSeconds, promisedSeconds }) => flushSeconds === usual.flushSeconds && promisedSeconds > 0,
  );

  return `# Cost

Computed by \`npm run docs\` from list prices of us-east-1 (\`scripts/cost/prices.ts\`), the stack's own template, what \`npm run bench -- volumes\` measured (\`scripts/cost/measured.ts\`), and what the plans of the statements scan (\`scripts/cost/scans.ts\`). No account has been billed for it: read your own bill after a month, and put your own numbers into these files.

${markdownTable(
  ['a month', 'within the free allowances', 'without them'],
  [
    ...idle.map((lines, at) => [`idle, nothing sent, in year ${YEARS[at]}`, ...both(lines)]),
    [`${MILLIONS} million events`, ...both(bill({}))],
    ['of that, for each million', usd(perMillion({})), usd(totalOf(bill({})).dollarsWithoutFree / MILLIONS)],
  ],
)}

Free allowances are those an account has every month for ever; those of its first year are left out.

The aims: idle under ${usd(AIM_IDLE)} within the free allowances, in the third year too: ${verdict(Math.max(...idleDollars) <= AIM_IDLE)}. A million packed events under ${usd(AIM_PER_MILLION)} at ${MILLIONS} million a month, ${EVENTS_PER_RUN} events a run, the live lane's writes included: ${verdict(perMillion({}) <= AIM_PER_MILLION)}, with ${usd(perMillion({}))} for runs of ${usual.steps} steps in ${usual.minutes} minutes at the stack's defaults. Where those runs promise heartbeats, which \`ledger.run\` of the clients does unless told otherwise, it is ${usd(perMillion({ promisedSeconds: 60 }))}: ${verdict(perMillion({ promisedSeconds: 60 }) <= AIM_PER_MILLION)}. The tables below say for which runs it is not met, and what would change that.

## Idle

${table(idle[0] ?? [])}

The customer-managed key of the two topics, and ${facts.alarmMetrics} alarm metrics of which ten are free, are most of it. ${facts.rotatedKeys > 0 ? 'A rotated key costs a dollar more after each of its first two rotations.' : 'The key is not rotated: it guards messages on their way, and each of its first two rotations would cost a dollar a month for good.'} Calls by the clock that find nothing start no query.

## ${MILLIONS} million events

Events of the seed (${measured.sentBytes} bytes each as sent, ${measured.landedBytes} as landed, ${measured.landedGzipBytes} gzipped), ${usual.eventsPerRecord} to a record, in runs of ${EVENTS_PER_RUN} events: ${usual.steps} steps in ${usual.minutes} minutes, the rest heartbeats. \`flushSeconds\` ${usual.flushSeconds}, \`compactEveryMinutes\` ${usual.compactEveryMinutes}; ${assumed.failedPerHundred} run of 100 fails and is told. The first month of storage is included, and the move of its raw lines to the archive after ${facts.archiveAfterDays} days.

${table(bill({}))}

The seed's events are much alike and pack well; events that differ more take more of S3 and of what Athena scans.

## What changes it

Dollars for a million events, at ${MILLIONS} million a month, within the free allowances; bold where the aim is met.

### How long runs are, and how often their events land

The live table is written once for each landing in which a run did more than breathe. A write unit is 1 KB: a run of ${EVENTS_PER_RUN} events takes ${shapes.map((each) => `${each.writeUnits} (${each.steps} steps, ${each.minutes} min)`).join(', ')} of them when events land every ${usual.flushSeconds} s.

${markdownTable(
  ['a run', '`flushSeconds` 60', '300', '300, and `compactEveryMinutes` 30'],
  shapes.map(({ steps, minutes }) => {
    const often = { steps, minutes };
    const rare = { ...often, flushSeconds: 300 };
    return [`${steps} steps in ${minutes} min`, cell(often), cell(rare), cell({ ...rare, compactEveryMinutes: 30 })];
  }),
)}

Long runs with many steps are expensive at 60 s, because nearly every landing writes each of them: land them more rarely.

### What runs promise

A run that promises heartbeats is silent, and lost, once three have failed to come. The clock therefore looks at it again each time that moment would have come, which is four write units each time.

${markdownTable(
  [`a run of ${usual.steps} steps`, ...promised.map(({ minutes }) => `in ${minutes} min`)],
  [0, 60].map((promisedSeconds) => [
    promisedSeconds === 0 ? 'promises nothing' : `promises a heartbeat every ${promisedSeconds} s`,
    ...promised.map(({ minutes }) => cell({ minutes, promisedSeconds })),
  ]),
)}

### How often the tables follow

Each tick asks Athena the same few statements, which read half a day on average, and a day has as many small files as ticks. The statements that derive runs and steps scan the log ${logScansOf('summarize_runs')} and ${logScansOf('summarize_steps')} times.

${markdownTable(
  ['`compactEveryMinutes`', '5', '10', '15', '30', '60'],
  [['for a million events', ...[5, 10, 15, 30, 60].map((every) => cell({ compactEveryMinutes: every }))]],
)}

### How events are packed

Firehose rounds each record up to ${prices.firehoseRoundingBytes / 1024} KB. A run that emits an event every few seconds sends each in a record of its own, since the client waits a second for others to travel with: that is the first column.

${markdownTable(
  ['events to a record', '1', '3', '10', '100', '500'],
  [['for a million events', ...[1, 3, 10, 100, 500].map((each) => cell({ eventsPerRecord: each }))]],
)}

### How much is sent

An object lands when Firehose has gathered ${facts.landingBufferBytes / 1024 / 1024} MiB, though \`flushSeconds\` has not passed: much traffic lands more often, and the live table is written more often for each run.

${markdownTable(
  ['million events a month', ...VOLUMES.map((events) => number(events / 1e6))],
  [
    ['dollars a month', ...VOLUMES.map((events) => usd(totalOf(bill({ events })).dollars))],
    [
      'seconds from landing to landing',
      ...VOLUMES.map((events) =>
        number(landingSeconds(eventsPerSecond({ ...usual, events }), usual.flushSeconds, facts)),
      ),
    ],
  ],
)}

## Pings over HTTP

With \`httpApi\`, a million pings in runs of two, a start and an end without a run id; what the ledger then does with a million events that are sent one by one comes on top (the first column above).

${table(billOf(pingUsage(1e6)))}

Without calls it costs the metric of its alarm. At the default \`httpRequestsPerSecond\`, a month of requests without a token, day and night, would cost at most ${usd(totalOf(billOf(refusedUsage(50 * MINUTES_PER_MONTH * 60))).dollarsWithoutFree)}: no token is looked for where there is none.

## The page

What is now: an open page looks every ${LOOKS_EVERY_S} s while it is seen. A look reads the runs of the day about twice, with up to 4 KB a read unit; ${LOOKED_HOURS} hours a day of it cost each reader, in dollars a month of 21 days:

${markdownTable(
  ['runs a day', ...LOOKED_RUNS.map((runs) => number(runs))],
  [['reads of the live table', ...LOOKED_RUNS.map((runs) => usd(looksDollars(runs)))]],
)}

History: each question that a reader asks Athena costs ${usd(prices.athenaPerTb)} for each terabyte that it reads, and $${((prices.athenaLeastBytes / 1e12) * prices.athenaPerTb).toFixed(5)} at least. The page says what a question read, and the workgroup cancels one that reads more than \`scanLimitGb\` (100 GB: $0.50). With \`page\`, the function \`ServePage\` comes on top: about two cents for a reader's day of eight hours. Without readers neither costs anything.

## Reports

A report is eight questions of Athena and one mail: less than a cent, as long as the week's runs are less than a gigabyte.

## Pipelines in CloudWatch

Each pipeline of \`dashboardPipelines\` is three metrics: $0.90 a month in the months in which it runs, 20 of them $18. A dashboard beyond the first three of an account is $3 a month.

## Storage once it is full

${storageSection(usual, VOLUMES, facts)}

## What is assumed

${assumptions(facts.functions.IngestAcceptEvents?.memoryGb ?? 0)}
`;
}

const LOOKS_EVERY_S = 30;
const LOOKED_HOURS = 8;
const LOOKED_DAYS = 21;
const LOOKED_RUNS = [100, 1_000, 10_000];
/** An answer holds at most a thousand runs. */
const looksDollars = (runsADay: number): number =>
  2 *
  Math.min(runsADay / 2, 1_000) *
  ((LOOKED_HOURS * 3_600) / LOOKS_EVERY_S) *
  LOOKED_DAYS *
  prices.dynamodbPerReadUnit;

const assumptions = (transformGb: number): string =>
  [
    `A call that finds nothing is billed ${assumed.warmMs} ms, and ${assumed.coldMs} ms where the function has to start first, as the stages are taken to every time.`,
    `A statement takes ${assumed.statementSeconds} s on Athena, and leaves ${assumed.filesPerStatement} file of data in a partition; reading a file takes ${assumed.readsPerFile} requests to S3. Nobody has counted that on Athena: at twice as many files, reads of S3 cost twice as much.`,
    `A ping takes ${assumed.pingMs} ms of the function, and ${assumed.requestLogBytes} bytes of the log of requests.`,
    'Athena plans a statement as Trino 476 does.',
    `A function of ${transformGb} GB has ${transformGb}/1.73 of a processor like the one measured on: ${measured.acceptMicroseconds} µs to accept an event, ${measured.trackMicroseconds} µs to track it.`,
    'X-Ray traces every call, and every message of SNS asks KMS for a key of its own: both are less in truth.',
    'What people ask with SQL, reads from the archive (a rebuild), and data that leaves the region, are not in it.',
  ]
    .map((each) => `- ${each}`)
    .join('\n');

const table = (lines: readonly BillLine[]): string =>
  `| service | what | quantity | dollars | without free allowances |\n|---|---|---:|---:|---:|\n${lines
    .map(
      (each) =>
        `| ${each.service} | ${each.what} | ${number(each.quantity)} | ${usd(each.dollars)} | ${usd(each.dollarsWithoutFree)} |`,
    )
    .join('\n')}\n| **all** | | | ${both(lines).join(' | ')} |`;

const both = (lines: readonly BillLine[]): readonly [string, string] => {
  const { dollars, dollarsWithoutFree } = totalOf(lines);
  return [usd(dollars), usd(dollarsWithoutFree)];
};

const verdict = (isMet: boolean): string => (isMet ? 'met' : 'missed');
