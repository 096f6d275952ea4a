import { markdownTable, number, usd } from '../format.ts';
import { eventsPerSecond, type Load, landingSeconds, liveRunOf } from './load.ts';
import { prices } from './prices.ts';
import { MINUTES_PER_MONTH, type StackFacts } from './stack-facts.ts';
import { DAYS_PER_MONTH, type Stored, storedOf } from './stored.ts';

/** What storage costs each month, once every period of the default options has passed. */
export function storageSection(load: Load, volumes: readonly number[], facts: StackFacts): string {
  const of = (events: number): Stored => {
    const each = { ...load, events };
    const landed = landingSeconds(eventsPerSecond(each), load.flushSeconds, facts);
    return storedOf(each, (MINUTES_PER_MONTH * 60) / landed, liveRunOf(each, landed), facts);
  };
  const months = facts.logsKeptDays / DAYS_PER_MONTH;
  const rawMonths = facts.archiveAfterDays / DAYS_PER_MONTH;
  const rows = storageRows(of(load.events), months, rawMonths);
  const total = (events: number): number =>
    storageRows(of(events), months, rawMonths).reduce((dollars, [, quantity, price]) => dollars + quantity * price, 0);
  return `After ${facts.logsKeptDays} days at ${number(load.events / 1e6)} million events a month, with the default periods, each month:

${markdownTable(
  ['what', 'quantity', 'dollars'],
  rows.map(([what, quantity, price]) => [what, number(quantity), usd(quantity * price)]),
)}

In all, at ${volumes.map((events) => `${number(events / 1e6)} million ${usd(total(events))}`).join(', ')} a month.

The live table is most of it: a run stays as long as the logs hold its events, so that a late one finds the whole run. Less of \`logsKeptDays\` is less of it. The archive takes no object of less than ${prices.s3LeastMovedBytes / 1024} KB, which is S3's default: ${smallness(of, volumes)}. Moving an object costs as much as keeping ${number(prices.s3PerMove / (prices.s3PerGbMonth - prices.s3ArchivePerGbMonth) / 1e-6)} KB in the archive instead saves in a month, so small ones take long to be worth it.`;
}

function storageRows(
  { raw, moved, movedObjects, logs, states, replaced, live }: Stored,
  months: number,
  rawMonths: number,
): readonly (readonly [string, number, number])[] {
  return [
    ['raw lines outside the archive, GB', moved > 0 ? raw * rawMonths : raw * months, prices.s3PerGbMonth],
    ['raw lines in the archive, GB', moved * (months - rawMonths), prices.s3ArchivePerGbMonth],
    ['objects moved there', movedObjects, prices.s3PerMove],
    ['`pipeline_logs`, GB', logs * months, prices.s3PerGbMonth],
    ['`pipeline_run_state` and `pipeline_steps`, GB', states * months, prices.s3PerGbMonth],
    ['files that others replaced, and noncurrent versions, GB', replaced, prices.s3PerGbMonth],
    ['live runs, recovery included, GB', live * months, prices.dynamodbPerGbMonth + prices.dynamodbRecoveryPerGbMonth],
  ];
}

function smallness(of: (events: number) => Stored, volumes: readonly number[]): string {
  const kept = volumes.filter((events) => of(events).moved === 0);
  return kept.length === 0
    ? 'at these volumes all are larger'
    : `at ${kept.map((events) => number(events / 1e6)).join(' and ')} million events a month all are smaller, and stay where they are`;
}
