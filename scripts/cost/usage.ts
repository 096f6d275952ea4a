import { readFileSync } from 'node:fs';
import { assumed, measured } from './measured.ts';
import { prices } from './prices.ts';
import { MINUTES_PER_MONTH, type StackFacts } from './stack-facts.ts';

/** What is sent in a month, and how the ledger is set. */
export interface Load {
  readonly events: number;
  readonly eventsPerRecord: number;
  readonly steps: number;
  readonly minutes: number;
  readonly flushSeconds: number;
  readonly compactEveryMinutes: number;
}

export type Usage = Readonly<Record<UsageName, number>>;
export type UsageName =
  | 'firehoseGb'
  | 'lambdaGbSeconds'
  | 'lambdaRequests'
  | 'dynamodbWriteUnits'
  | 'dynamodbReadUnits'
  | 'dynamodbGb'
  | 'athenaTb'
  | 's3Gb'
  | 's3Puts'
  | 's3Gets'
  | 'sqsRequests'
  | 'busEvents'
  | 'schedulerCalls'
  | 'snsPublishes'
  | 'snsMails'
  | 'alarms'
  | 'metrics'
  | 'dashboards'
  | 'logGb'
  | 'traces'
  | 'keys';

export const EVENTS_PER_RUN = 50;
/** Statements of a tick: events and their count, steps and runs, metrics. */
export const STATEMENTS_PER_TICK = 5;
const WRITING_STATEMENTS = 4;
const TABLES = 4;
/** DELETE, OPTIMIZE, VACUUM of each table once a day. */
const MAINTENANCE_STATEMENTS = 3 * TABLES;
const DAYS_PER_MONTH = MINUTES_PER_MONTH / 1440;
const GB = 1e9;
/** Each action of a transaction is two units: recorded 3, tracked, compacted and summarized 4 each. */
const UNITS_PER_OBJECT = 2 * (3 + 4 + 4 + 4);
const READS_PER_OBJECT = 8;
/** Lambda asks the queue three times a minute with five pollers, messages or not. */
const POLLS_PER_MONTH = 5 * 3 * MINUTES_PER_MONTH;
/** Lambda gives a whole processor at this much memory. */
const GB_PER_PROCESSOR = 1769 / 1024;
/** Entries of a run in two indexes that last, and what each item costs beside its content. */
const INDEX_BYTES = 2 * 250 + 100;
/** Updates on their way to the live table at a time, and seconds each takes. */
const UPDATES_AT_ONCE = 16;
const UPDATE_SECONDS = 0.01;

/** What a ledger uses in a month in which nothing is sent. */
export function idleUsage({ calls, memoryGb, alarms, dashboards, keys }: StackFacts): Usage {
  const requests = sum(Object.values(calls));
  const gbSeconds = Object.entries(calls).map(([name, count]) => {
    if (name.endsWith('MaintainTables'))
      return count * MAINTENANCE_STATEMENTS * assumed.statementSeconds * (memoryGb[name] ?? 0);
    const billedMs = name.endsWith('CheckDeadlines') ? assumed.warmMs : assumed.coldMs;
    return (count * billedMs * (memoryGb[name] ?? 0)) / 1000;
  });
  const stages = requests - (calls.LiveLaneCheckDeadlines ?? 0);
  return {
    ...nothing,
    lambdaGbSeconds: sum(gbSeconds),
    lambdaRequests: requests,
    // Each tick acquires and releases a lease, and reads the progress of its stage.
    dynamodbWriteUnits: 2 * stages,
    dynamodbReadUnits: requests + 2 * stages,
    athenaTb: (DAYS_PER_MONTH * MAINTENANCE_STATEMENTS * prices.athenaLeastBytes) / 1e12,
    s3Puts: 3 * DAYS_PER_MONTH,
    sqsRequests: POLLS_PER_MONTH,
    schedulerCalls: requests,
    alarms,
    dashboards,
    keys,
    logGb: (requests * assumed.logLineBytes) / GB,
    traces: requests,
  };
}

/** What is used in the month in which the events are sent, its first month of storage included. */
export function loadedUsage(load: Load, facts: StackFacts): Usage {
  const { events, eventsPerRecord, steps, flushSeconds, compactEveryMinutes } = load;
  const { memoryGb } = facts;
  const idle = idleUsage(facts);
  const runs = events / EVENTS_PER_RUN;
  const failed = (runs * assumed.failedPerHundred) / 100;
  const live = liveRunOf(load);
  const record =
    Math.ceil((eventsPerRecord * measured.sentBytes) / prices.firehoseRoundingBytes) * prices.firehoseRoundingBytes;

  const transforms = Math.max(
    (MINUTES_PER_MONTH * 60) / Math.min(flushSeconds, 60),
    (events * measured.sentBytes) / facts.transformBufferBytes,
  );
  const objects = Math.max(
    (MINUTES_PER_MONTH * 60) / flushSeconds,
    (events * measured.landedBytes) / facts.landingBufferBytes,
  );
  const ticks = MINUTES_PER_MONTH / compactEveryMinutes;
  const updates = runs * live.readUnits;

  const secondsOf = (name: string, microseconds: number, calls: number) =>
    (events * microseconds * 1e-6) / Math.min(1, (memoryGb[name] ?? 1) / GB_PER_PROCESSOR) +
    (calls * assumed.warmMs) / 1000;
  const gbSeconds =
    secondsOf('IngestAcceptEvents', measured.acceptMicroseconds, transforms) * (memoryGb.IngestAcceptEvents ?? 0) +
    (secondsOf('LiveLaneTrackRuns', measured.trackMicroseconds, objects) +
      (updates / UPDATES_AT_ONCE) * UPDATE_SECONDS) *
      (memoryGb.LiveLaneTrackRuns ?? 0) +
    ticks *
      assumed.statementSeconds *
      (2 * (memoryGb.HistoryLaneCompactEvents ?? 0) +
        2 * (memoryGb.HistoryLaneSummarizeRuns ?? 0) +
        (memoryGb.HistoryLaneAggregateMetrics ?? 0)) +
    ((failed * assumed.coldMs) / 1000) * (memoryGb.AlertingNotify ?? 0);
  // The schedule calls, and each stage calls the next.
  const calls = transforms + objects + 2 * ticks + failed;
  const { puts, gets } = requestsToS3(load, ticks, objects);
  return {
    ...idle,
    firehoseGb: ((events / eventsPerRecord) * record) / 2 ** 30,
    lambdaGbSeconds: idle.lambdaGbSeconds + gbSeconds,
    lambdaRequests: idle.lambdaRequests + calls,
    dynamodbWriteUnits: idle.dynamodbWriteUnits + runs * live.writeUnits + objects * UNITS_PER_OBJECT + 5 * failed,
    dynamodbReadUnits: idle.dynamodbReadUnits + updates + objects * READS_PER_OBJECT + 2 * failed,
    dynamodbGb: (runs * (live.storedBytes + INDEX_BYTES)) / GB,
    athenaTb: idle.athenaTb + scannedBytes(load, ticks) / 1e12,
    s3Gb:
      (events * (measured.landedGzipBytes + measured.logBytes) +
        runs * (measured.runRow.bytes + steps * measured.stepRow.bytes)) /
      GB,
    s3Puts: idle.s3Puts + puts,
    s3Gets: gets,
    sqsRequests: idle.sqsRequests + 3 * objects,
    busEvents: 3 * ticks + failed,
    snsPublishes: 2 * failed,
    snsMails: failed,
    metrics: facts.metrics,
    logGb: idle.logGb + (calls * assumed.logLineBytes) / GB,
    traces: idle.traces + calls,
  };
}

/** What is measured of a run of this shape. */
export function liveRunOf({ steps, minutes, flushSeconds }: Load): (typeof measured.liveRuns)[number] {
  const found = measured.liveRuns.find(
    (each) => each.steps === steps && each.minutes === minutes && each.flushSeconds === flushSeconds,
  );
  if (found === undefined)
    throw new Error(`no run of ${steps} steps, ${minutes} minutes, ${flushSeconds} s was measured`);
  return found;
}

/** A statement reads the day's partitions: half a day, on average over the ticks of a day. */
function scannedBytes({ events, steps }: Load, ticks: number): number {
  const dayEvents = events / DAYS_PER_MONTH / 2;
  const dayRuns = dayEvents / EVENTS_PER_RUN;
  const landed = (events / ticks) * measured.landedGzipBytes;
  const { event_key } = measured.logColumnBytes;
  // For the runs that were touched and for their tries, then for what the events of those told.
  const tries = [...wordsOf('sql/fragments/units.sql'), ...TOLD];
  const derived = columnBytes(tries) + columnBytes(wordsOf('sql/fragments/events.sql'));
  const tick = [
    landed + dayEvents * event_key,
    landed + dayEvents * event_key,
    dayEvents * derived + dayRuns * steps * measured.stepRow.keyBytes,
    dayEvents * derived + dayRuns * measured.runRow.keyBytes,
    dayRuns * (measured.runRow.bytes + steps * measured.stepRow.bytes),
  ];
  // Small files of closed days are rewritten once.
  const rewritten = events * measured.logBytes;
  return ticks * sum(tick.map((bytes) => Math.max(prices.athenaLeastBytes, bytes))) + rewritten;
}

/** What a told start or end is computed from. */
const TOLD = ['event_type', 'status', 'event_time', 'start_time', 'end_time'];

const wordsOf = (file: string): readonly string[] => readFileSync(file, 'utf8').match(/\w+/g) ?? [];

/** Bytes an event of the columns that are among these words. */
function columnBytes(words: readonly string[]): number {
  return sum(Object.entries(measured.logColumnBytes).map(([name, bytes]) => (words.includes(name) ? bytes : 0)));
}

function requestsToS3({ compactEveryMinutes }: Load, ticks: number, objects: number) {
  const { filesPerStatement, readsPerFile } = assumed;
  /** In a day's partition of the logs; those of runs and steps hold twice as many, rows and the rows they replace. */
  const files = (1440 / compactEveryMinutes / 2) * filesPerStatement;
  const logScans = 8;
  const stateScans = 4;
  return {
    // Data and metadata of each commit, and two files of each result.
    puts: objects + ticks * (WRITING_STATEMENTS * (filesPerStatement + 4) + STATEMENTS_PER_TICK * 2),
    gets: 3 * objects + ticks * files * (logScans + 2 * stateScans) * readsPerFile,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const nothing: Usage = {
  firehoseGb: 0,
  lambdaGbSeconds: 0,
  lambdaRequests: 0,
  dynamodbWriteUnits: 0,
  dynamodbReadUnits: 0,
  dynamodbGb: 0,
  athenaTb: 0,
  s3Gb: 0,
  s3Puts: 0,
  s3Gets: 0,
  sqsRequests: 0,
  busEvents: 0,
  schedulerCalls: 0,
  snsPublishes: 0,
  snsMails: 0,
  alarms: 0,
  metrics: 0,
  dashboards: 0,
  logGb: 0,
  traces: 0,
  keys: 0,
};
