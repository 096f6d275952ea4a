import { EVENTS_PER_RUN } from '../cost/load.ts';
import { assumed, measured } from '../cost/measured.ts';
import { readStackFacts, type StackFacts } from '../cost/stack-facts.ts';
import { markdownTable, number, percent } from '../format.ts';
import { boundedQuotas } from './bounded.ts';
import { carriedTable } from './carried.ts';
import { type Limit, loadOf, quotaOf, type RegionClass, reachedAt, shareOf } from './limit.ts';
import { allLimits } from './limits/all-limits.ts';
import { responses } from './responses.ts';
import { type Shape, usualShape } from './shape.ts';
import { type SourceName, sources } from './sources.ts';
import { compactEverySeconds, tickSeconds } from './tables-lag.ts';

const VOLUMES = [1e6, 10e6, 100e6, 1e9, 10e9];
/** Nobody sends more in a month. */
const MOST = 1e13;

/** `docs/scale.md`: which limit is reached first, from the stack's own template, AWS's defaults, and what was measured. */
export function describeScale(facts: StackFacts = readStackFacts()): string {
  const shape = usualShape;
  const limits = allLimits(facts);
  const reached = limits
    .map((limit) => ({
      limit,
      large: reachedAt(limit, 'large', shape, facts) ?? Number.POSITIVE_INFINITY,
      small: reachedAt(limit, 'small', shape, facts) ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.small - b.small || a.large - b.large);
  return `# Scale

What the ledger carries, which limit it reaches first, what it does then, and what lifts it. Computed by \`npm run docs\` (\`scripts/scale/\`) from the stack's own template at its default options, the default quotas of AWS, and what \`npm run bench -- volumes\` measured. No account has been loaded with it: it is a model on paper, and a simulation of the days of the tables. Put your own shape into \`scripts/scale/shape.ts\`.

The shape: events of ${measured.sentBytes} bytes in runs of ${EVENTS_PER_RUN}, each run ${shape.steps} steps in ${shape.minutes} minutes and the rest heartbeats, of which it promises one every ${shape.promisedSeconds} s; every run sends for itself, ${shape.eventsPerRecord} event to a record and a call. The busiest hour of the day has ${shape.peakToMean} times the events of the mean hour, and is that from ${String(shape.peakHour).padStart(2, '0')}:00 UTC. ${shape.failedPerHundred} run of 100 fails. Every number is of the busiest hour, unless it says otherwise.

"Large regions" are us-east-1, us-west-2 and eu-west-1, with the least quota of the three; "small regions" are those with the least quotas of all.

## What it carries

${carriedTable(limits, VOLUMES, shape, facts)}

The tables lag behind by at least a tick, ${compactEverySeconds(facts) / 60} minutes (\`compactEveryMinutes\`). "Late until" is when the last event of the busy hour that waited for more than two ticks was in the tables.

## Which limit is reached first

Events a month at which the busiest hour uses all of a limit, in millions; beyond ${number(1e7)} million it says "never". An asterisk: the default is from memory.

${markdownTable(
  ['limit', 'default', 'source', 'large regions', 'small regions'],
  reached.map(({ limit, large, small }) => [
    limit.what,
    defaultOf(limit),
    link(limit.source),
    millions(large),
    millions(small),
  ]),
)}

## How much of each is used

Of the defaults in large regions, by events a month.

${markdownTable(
  ['limit', ...VOLUMES.map((events) => `${number(events / 1e6)} million`)],
  limits.map((limit) => [
    limit.what,
    ...VOLUMES.map((events) => percent(shareOf(limit, loadOf(events, shape, facts), 'large'))),
  ]),
)}

## What the ledger does then, and what lifts it

${responseSections(reached.filter(({ small }) => small < MOST).map(({ limit }) => limit))}

## Other shapes

The limit that is reached first, and the millions of events a month at which it is, in large regions and in small ones.

${markdownTable(
  ['shape', 'large regions', 'small regions'],
  OTHER_SHAPES.map(([name, change]) => {
    const other = { ...shape, ...change };
    return [name, firstOf(limits, 'large', other, facts), firstOf(limits, 'small', other, facts)];
  }),
  false,
)}

## Bounded whatever the volume

${markdownTable(
  ['what', 'at most', 'quota', 'source', 'bounded by'],
  boundedQuotas(facts).map(({ what, use, quota, source, by }) => [what, use, quota, link(source), by]),
  false,
)}

## What is assumed

${assumptions(facts)
  .map((each) => `- ${each}`)
  .join('\n')}
`;
}

/** Each response once, with the limits that lead to it, in the order in which they are reached. */
const responseSections = (limits: readonly Limit[]): string =>
  [...Map.groupBy(limits, ({ response }) => response)]
    .map(
      ([response, some]) =>
        `### ${responses[response].title}\n\n${responses[response].text}\n\n${markdownTable(
          ['when the limit is', 'what lifts it'],
          some.map(({ what, lift }) => [what, lift]),
          false,
        )}`,
    )
    .join('\n\n');

const OTHER_SHAPES: readonly (readonly [string, Partial<Shape>])[] = [
  ['as above', {}],
  ['one sender for many runs, 500 events to a record', { eventsPerRecord: 500 }],
  ['the same, and runs promise no heartbeats', { eventsPerRecord: 500, promisedSeconds: 0 }],
  ['every hour alike', { peakToMean: 1 }],
  ['half of the day in one hour', { peakToMean: 12 }],
  ['the busiest hour is the last before midnight UTC', { peakHour: 23 }],
  ['every run fails: an upstream is down', { failedPerHundred: 100 }],
];

function firstOf(limits: readonly Limit[], region: RegionClass, shape: Shape, facts: StackFacts): string {
  const [first] = limits
    .map((limit) => ({ limit, at: reachedAt(limit, region, shape, facts) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.at - b.at);
  return first === undefined ? 'none' : `${first.limit.what}: ${millions(first.at)}`;
}

function assumptions(facts: StackFacts): readonly string[] {
  return [
    `A statement takes ${assumed.statementSeconds} s, and what its rows cost: on one processor of DuckDB ${measured.insertMicroseconds} µs to type and insert an event, ${measured.deriveMicroseconds} µs to derive its run and steps, ${measured.scanMicroseconds} µs to look at a row of the day. Athena gives a statement ${assumed.athenaProcessors} processors, the least it has (4 to 124 DPU of 4: ${link('athenaCapacity')}), each a third as fast.`,
    `A function has its memory's part of a processor: ${measured.acceptMicroseconds} µs to accept an event, ${measured.trackMicroseconds} µs to track it; a round trip to the live table takes ${assumed.updateSeconds * 1000} ms; what a run writes there is measured, down to landings every 5 s.`,
    `A stage takes work for ${tickSeconds(facts) / 60} minutes of each tick, then leaves the rest to the next.`,
    'Firehose lands objects of one buffer. When it has scaled a stream up it may keep several buffers, and so land more and smaller objects: nobody has counted that.',
    'The ledger has the account to itself. Quotas of Lambda, Athena, EventBridge and SNS are shared with whatever else runs there.',
  ];
}

const millions = (events: number): string => (events < MOST ? number(events / 1e6) : 'never');

const defaultOf = (limit: Limit): string => {
  const [large, small] = [quotaOf(limit, 'large'), quotaOf(limit, 'small')].map(number);
  return `${large === small ? large : `${large}, in small regions ${small}`} ${limit.unit}${limit.isFromMemory ? '\\*' : ''}`;
};

const link = (source: SourceName): string => `[${sources[source].title}](${sources[source].url})`;
