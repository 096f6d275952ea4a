import { type BillLine, billOf, totalOf } from './bill.ts';
import { assumed, measured } from './measured.ts';
import { prices } from './prices.ts';
import { MINUTES_PER_MONTH, readStackFacts } from './stack-facts.ts';
import { EVENTS_PER_RUN, idleUsage, type Load, liveRunOf, loadedUsage } from './usage.ts';

const MILLIONS = 100;
const AIM_IDLE = 3;
const AIM_PER_MILLION = 0.4;

/** `docs/cost.md`: what the ledger costs, from prices, the stack's own template, and what was measured. */
export function describeCost(): string {
  const facts = readStackFacts();
  const compactEveryMinutes = MINUTES_PER_MONTH / (facts.calls.HistoryLaneCompactEvents ?? 0);
  const usual: Load = {
    ...{ events: MILLIONS * 1e6, eventsPerRecord: 500, steps: 4, minutes: 10 },
    ...{ flushSeconds: 60, compactEveryMinutes },
  };
  const idle = billOf(idleUsage(facts));
  const bill = (change: Partial<Load>) => billOf(loadedUsage({ ...usual, ...change }, facts));
  const perMillion = (change: Partial<Load>) => totalOf(bill(change)).dollars / MILLIONS;
  const cell = (change: Partial<Load>) => {
    const dollars = perMillion(change);
    return dollars <= AIM_PER_MILLION ? `**${usd(dollars)}**` : usd(dollars);
  };

  const shapes = measured.liveRuns.filter(({ flushSeconds }) => flushSeconds === usual.flushSeconds);
  return `# Cost

Computed by \`npm run docs\` from list prices of us-east-1 (\`scripts/cost/prices.ts\`), the stack's own template, and what \`npm run bench -- volumes\` measured (\`scripts/cost/measured.ts\`). No account has been billed for it: read your own bill after a month, and put your own numbers into these files.

| a month | within the free allowances | without them |
|---|---:|---:|
| idle, nothing sent | ${both(idle)} |
| ${MILLIONS} million events | ${both(bill({}))} |
| of that, for each million | ${usd(perMillion({}))} | ${usd(totalOf(bill({})).dollarsWithoutFree / MILLIONS)} |

Free allowances are those an account has every month for ever; those of its first year are left out.

The aims: idle under ${usd(AIM_IDLE)} within the free allowances: ${verdict(totalOf(idle).dollars <= AIM_IDLE)}. A million packed events under ${usd(AIM_PER_MILLION)} at ${MILLIONS} million a month, ${EVENTS_PER_RUN} events a run, the live lane's writes included: ${verdict(perMillion({}) <= AIM_PER_MILLION)} for runs of ${usual.steps} steps in ${usual.minutes} minutes at the stack's defaults; the tables below say for which runs it is not, and what would change that.

## Idle

${table(idle)}

The customer-managed key of the two topics, and six alarms beyond the ten that are free, are most of it. Calls by the clock that find nothing start no query.

## ${MILLIONS} million events

Events of the seed (${measured.sentBytes} bytes each as sent, ${measured.landedBytes} as landed, ${measured.landedGzipBytes} gzipped), ${usual.eventsPerRecord} to a record, in runs of ${EVENTS_PER_RUN} events: ${usual.steps} steps in ${usual.minutes} minutes, the rest heartbeats. \`flushSeconds\` ${usual.flushSeconds}, \`compactEveryMinutes\` ${usual.compactEveryMinutes}; ${assumed.failedPerHundred} run of 100 fails and is told. The first month of storage is included.

${table(bill({}))}

The seed's events are much alike and pack well; events that differ more take more of S3 and of what Athena scans.

## What changes it

Dollars for a million events, at ${MILLIONS} million a month, within the free allowances; bold where the aim is met.

### How long runs are, and how often their events land

The live table is written once for each landing in which a run did more than breathe. A write unit is 1 KB: a run of ${EVENTS_PER_RUN} events takes ${shapes.map((each) => `${each.writeUnits} (${each.steps} steps, ${each.minutes} min)`).join(', ')} of them when events land every ${usual.flushSeconds} s.

| a run | \`flushSeconds\` 60 | 300 | 300, and \`compactEveryMinutes\` 30 |
|---|---:|---:|---:|
${shapes
  .map(({ steps, minutes }) => {
    const shape = { steps, minutes };
    const rare = { ...shape, flushSeconds: 300 };
    return `| ${steps} steps in ${minutes} min | ${cell(shape)} | ${cell(rare)} | ${cell({ ...rare, compactEveryMinutes: 30 })} |`;
  })
  .join('\n')}

Long runs with many steps are dear at 60 s, because nearly every landing writes each of them: land them more rarely.

### How often the tables follow

Each tick asks Athena the same few statements, which read half a day on average, and a day has as many small files as ticks.

| \`compactEveryMinutes\` | 5 | 10 | 15 | 30 | 60 |
|---|---:|---:|---:|---:|---:|
| for a million events | ${[5, 10, 15, 30, 60].map((every) => cell({ compactEveryMinutes: every })).join(' | ')} |

### How events are packed

Firehose rounds each record up to ${prices.firehoseRoundingBytes / 1024} KB.

| events to a record | 1 | 3 | 10 | 100 | 500 |
|---|---:|---:|---:|---:|---:|
| for a million events | ${[1, 3, 10, 100, 500].map((each) => cell({ eventsPerRecord: each })).join(' | ')} |

### How much is sent

| million events a month | 1 | 10 | 100 | 1,000 |
|---|---:|---:|---:|---:|
| dollars a month | ${[1, 10, 100, 1000].map((millions) => usd(totalOf(bill({ events: millions * 1e6 })).dollars)).join(' | ')} |

## Storage once it is full

After ${LOGS_KEPT_DAYS} days at ${MILLIONS} million events a month, with the default periods, each month:

${storage(usual)}

The live table is most of it: a run stays as long as the logs hold its events, so that a late one finds the whole run. Less of \`logsKeptDays\` is less of it.

## What is assumed

${assumptions(facts.memoryGb.IngestAcceptEvents ?? 0)}
`;
}

const RAW_STANDARD_DAYS = 90;
const LOGS_KEPT_DAYS = 400;
const DAYS_PER_MONTH = MINUTES_PER_MONTH / 1440;

function storage(load: Load): string {
  const runs = load.events / EVENTS_PER_RUN;
  const months = LOGS_KEPT_DAYS / DAYS_PER_MONTH;
  const rawMonths = RAW_STANDARD_DAYS / DAYS_PER_MONTH;
  const rawGb = (load.events * measured.landedGzipBytes) / 1e9;
  const liveGb = (runs * liveRunOf(load).storedBytes) / 1e9;
  const recovery = prices.dynamodbPerGbMonth + prices.dynamodbRecoveryPerGbMonth;
  const rows: readonly (readonly [string, number, number])[] = [
    [`raw lines, the first ${RAW_STANDARD_DAYS} days`, rawGb * rawMonths, prices.s3PerGbMonth],
    ['raw lines in the archive', rawGb * (months - rawMonths), prices.s3ArchivePerGbMonth],
    ['`pipeline_logs`', (load.events * measured.logBytes * months) / 1e9, prices.s3PerGbMonth],
    ['live runs, recovery included', liveGb * months, recovery],
  ];
  return `| what | GB | dollars |\n|---|---:|---:|\n${rows
    .map(([what, gb, price]) => `| ${what} | ${number(gb)} | ${usd(gb * price)} |`)
    .join('\n')}`;
}

const assumptions = (transformGb: number): string =>
  [
    `A call that finds nothing is billed ${assumed.warmMs} ms, and ${assumed.coldMs} ms where the function has to start first, as the stages are taken to every time.`,
    `A statement takes ${assumed.statementSeconds} s on Athena, and leaves ${assumed.filesPerStatement} file of data in a partition; reading a file takes ${assumed.readsPerFile} requests to S3. Nobody has counted that on Athena: at twice as many files, reads of S3 cost twice as much.`,
    `A function of ${transformGb} GB has ${transformGb}/1.73 of a processor like the one measured on: ${measured.acceptMicroseconds} µs to accept an event, ${measured.trackMicroseconds} µs to track it.`,
    'Every call is traced by X-Ray, and every metric of the ledger itself is there: both are less in truth.',
    'What people ask with SQL, and data that leaves the region, are not in it.',
  ]
    .map((each) => `- ${each}`)
    .join('\n');

const table = (lines: readonly BillLine[]): string =>
  `| service | what | quantity | dollars | without free allowances |\n|---|---|---:|---:|---:|\n${lines
    .map(
      (each) =>
        `| ${each.service} | ${each.what} | ${number(each.quantity)} | ${usd(each.dollars)} | ${usd(each.dollarsWithoutFree)} |`,
    )
    .join('\n')}\n| **all** | | | ${both(lines)} |`;

const both = (lines: readonly BillLine[]): string => {
  const { dollars, dollarsWithoutFree } = totalOf(lines);
  return `${usd(dollars)} | ${usd(dollarsWithoutFree)}`;
};

const verdict = (isMet: boolean): string => (isMet ? 'met' : 'missed');
const usd = (dollars: number): string => `$${dollars.toFixed(2)}`;
const number = (quantity: number): string =>
  quantity >= 1000
    ? (Number(quantity.toPrecision(3)) | 0).toLocaleString('en-US')
    : String(Number(quantity.toPrecision(3)));
