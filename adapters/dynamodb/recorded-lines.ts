import type { TableAccess } from './access.ts';
import { eachBounded } from './bounded.ts';
import { inPartition, queryPages } from './items.ts';
import { DAYS, dayOf, dayPartition, type ObjectItem } from './object-item.ts';

const DAYS_AT_ONCE = 8;

/** Lines of the objects under a prefix, parked and forgotten ones left out: of the day that the prefix names, else of all days there are. */
export async function recordedLines(access: TableAccess, prefix: string): Promise<number> {
  const day = dayOf(prefix);
  let lines = 0;
  await eachBounded(prefix.includes(`dt=${day}/`) ? [day] : await daysIn(access), DAYS_AT_ONCE, async (each) => {
    // Added after the wait, because the other days add meanwhile.
    const ofDay = await linesUnder(access, each, prefix);
    lines += ofDay;
  });
  return lines;
}

async function daysIn(access: TableAccess): Promise<readonly string[]> {
  const days: string[] = [];
  for await (const { items } of queryPages<{ sk: string }>(access, inPartition(DAYS)))
    days.push(...items.map(({ sk }) => sk));
  return days;
}

/** Objects found in the store are recorded without a count: they landed with the lines that compaction counted. */
async function linesUnder(access: TableAccess, day: string, prefix: string): Promise<number> {
  const query = {
    KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk and begins_with(sk, :prefix)',
    FilterExpression: 'not #stage in (:parked, :forgotten)',
    ProjectionExpression: '#lines, #counts.#lines',
    ExpressionAttributeNames: { '#lines': 'lines', '#counts': 'counts', '#stage': 'stage' },
    ExpressionAttributeValues: {
      ':pk': dayPartition(day),
      ':parked': 'parked',
      ':forgotten': 'forgotten',
      ...(prefix === '' ? {} : { ':prefix': prefix }),
    },
  };
  let lines = 0;
  for await (const { items } of queryPages<Pick<ObjectItem, 'lines' | 'counts'>>(access, query))
    for (const item of items) lines += Math.max(item.lines ?? 0, item.counts?.lines ?? 0);
  return lines;
}
