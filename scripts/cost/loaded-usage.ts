import { historyRequests, scannedBytes } from './history-usage.ts';
import { idleUsage } from './idle-usage.ts';
import { judging, readUnitsOfRun } from './judging.ts';
import { EVENTS_PER_RUN, eventsPerSecond, type Load, landingSeconds, liveRunOf } from './load.ts';
import { assumed, measured } from './measured.ts';
import { prices } from './prices.ts';
import { MINUTES_PER_MONTH, type StackFacts } from './stack-facts.ts';
import { storedOf } from './stored.ts';
import { GB, sum, type Usage } from './usage.ts';

const SECONDS_PER_MONTH = MINUTES_PER_MONTH * 60;
/** Each action of a transaction is two units: recorded 3, tracked, compacted and summarized 4 each. */
const UNITS_PER_OBJECT = 2 * (3 + 4 + 4 + 4);
const READS_PER_OBJECT = 8;
/** Each publishes once a tick what it took. */
const STAGES = 3;
/** Lambda gives a whole processor at this much memory. */
const GB_PER_PROCESSOR = 1769 / 1024;
/** Updates of one function on their way to the live table at a time. */
export const UPDATES_AT_ONCE = 16;

/** The part of a processor that a function has. */
export const processorOf = (memoryGb: number): number => Math.min(1, memoryGb / GB_PER_PROCESSOR);

/** What is used in the month in which the events are sent, its first month of storage and their move to the archive included. */
export function loadedUsage(load: Load, facts: StackFacts): Usage {
  const { events, eventsPerRecord, flushSeconds, compactEveryMinutes } = load;
  const { functions } = facts;
  const idle = idleUsage(facts);
  const runs = events / EVENTS_PER_RUN;
  const failed = (runs * assumed.failedPerHundred) / 100;
  const record =
    Math.ceil((eventsPerRecord * measured.sentBytes) / prices.firehoseRoundingBytes) * prices.firehoseRoundingBytes;
  const transforms = Math.max(
    SECONDS_PER_MONTH / Math.min(flushSeconds, facts.transformSeconds),
    (events * measured.sentBytes) / facts.transformBufferBytes,
  );
  const landed = landingSeconds(eventsPerSecond(load), flushSeconds, facts);
  const objects = SECONDS_PER_MONTH / landed;
  const live = liveRunOf(load, landed);
  const updates = runs * live.readUnits;
  const ticks = MINUTES_PER_MONTH / compactEveryMinutes;

  const memoryGbOf = (name: string): number => functions[name]?.memoryGb ?? 0;
  const gbSecondsOf = (name: string, microseconds: number, calls: number, waiting = 0): number =>
    memoryGbOf(name) *
    ((events * microseconds * 1e-6) / processorOf(memoryGbOf(name)) + (calls * assumed.warmMs) / 1000 + waiting);
  const gbSeconds =
    gbSecondsOf('IngestAcceptEvents', measured.acceptMicroseconds, transforms) +
    gbSecondsOf(
      'LiveLaneTrackRuns',
      measured.trackMicroseconds,
      objects,
      (updates / UPDATES_AT_ONCE) * assumed.updateSeconds,
    ) +
    ticks *
      assumed.statementSeconds *
      (2 * memoryGbOf('HistoryLaneCompactEvents') +
        2 * memoryGbOf('HistoryLaneSummarizeRuns') +
        memoryGbOf('HistoryLaneAggregateMetrics')) +
    ((failed * assumed.coldMs) / 1000) * memoryGbOf('AlertingNotify');
  const calls = {
    IngestAcceptEvents: transforms,
    LiveLaneTrackRuns: objects,
    // The schedule calls, and each stage calls the next.
    HistoryLaneSummarizeRuns: ticks,
    HistoryLaneAggregateMetrics: ticks,
    AlertingNotify: failed,
  };
  const called = sum(Object.values(calls));
  const traced = Object.entries(calls).map(([name, count]) => (functions[name]?.isTraced ? count : 0));
  const { puts, gets } = historyRequests(load, ticks);
  const stored = storedOf(load, objects, live, facts);
  return {
    ...idle,
    firehoseGb: ((events / eventsPerRecord) * record) / 2 ** 30,
    lambdaGbSeconds: idle.lambdaGbSeconds + gbSeconds,
    lambdaRequests: idle.lambdaRequests + called,
    dynamodbWriteUnits:
      idle.dynamodbWriteUnits +
      runs * (live.writeUnits + judging.ofRun.watchesWritten) +
      objects * UNITS_PER_OBJECT +
      failed * judging.ofIncident.writeUnits,
    dynamodbReadUnits:
      idle.dynamodbReadUnits +
      updates +
      runs * readUnitsOfRun +
      objects * READS_PER_OBJECT +
      failed * judging.ofIncident.readUnits,
    dynamodbGb: stored.live,
    athenaTb: idle.athenaTb + scannedBytes(load, ticks) / 1e12,
    s3Gb: stored.raw + stored.logs + stored.states + stored.replaced,
    s3Puts: idle.s3Puts + objects + puts + failed * judging.ofIncident.objects,
    // Each object is read by three functions, and with it the file of pipelines.
    s3Gets: idle.s3Gets + 4 * objects + gets,
    s3Moves: stored.movedObjects,
    sqsRequests: idle.sqsRequests + 3 * objects,
    busEvents: STAGES * ticks + failed * judging.ofIncident.busEvents,
    snsPublishes: failed * judging.ofIncident.topicMessages,
    snsMails: failed * judging.ofIncident.mails,
    kmsRequests: failed * judging.ofIncident.topicMessages,
    logGb: idle.logGb + (called * assumed.logLineBytes) / GB,
    traces: idle.traces + sum(traced),
  };
}
