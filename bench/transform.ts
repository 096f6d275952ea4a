import { readFileSync } from 'node:fs';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { handlerOf } from '../lambdas/accept-events.ts';
import { acceptSettings } from './accept-settings.ts';
import { seedEvent } from './seed-events.ts';

/** `transform.mjs MEGABYTES`: the handler over batches of so much, as `bench/lambda.ts` asks for it. */
const batchBytes = Number(process.argv[2]) * 1024 * 1024;
const EVENTS_PER_RECORD = 500;
const ROUNDS = 15;

let landedBytes = 0;
const store: ObjectStore = {
  async put(_key, content) {
    landedBytes += content.length;
  },
  get: () => Promise.reject(new Error('nothing is read')),
  async *list() {},
};

const records: { recordId: string; approximateArrivalTimestamp: number; data: string }[] = [];
let bytes = 0;
let events = 0;
while (bytes < batchBytes) {
  const lines: string[] = [];
  while (lines.length < EVENTS_PER_RECORD && bytes < batchBytes) {
    const line = JSON.stringify(seedEvent(events++, 1.7621e12));
    bytes += line.length + 1;
    lines.push(line);
  }
  records.push({
    recordId: `4962${records.length}`.padEnd(56, '0'),
    approximateArrivalTimestamp: 1.7621e12,
    data: Buffer.from(lines.join('\n')).toString('base64'),
  });
}
const event = {
  invocationId: 'bench',
  deliveryStreamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/bench',
  region: 'us-east-1',
  records,
};
// As Lambda hands it over: a request that was parsed.
const request = JSON.stringify(event);
const handle = handlerOf({ store, settings: acceptSettings, report: () => undefined });
const idleMb = peakMb();
const times: number[] = [];
let answerBytes = 0;
for (let round = 0; round < ROUNDS; round++) {
  landedBytes = 0;
  const startedAt = performance.now();
  answerBytes = JSON.stringify(await handle(JSON.parse(request))).length;
  times.push(performance.now() - startedAt);
}
const first = times[0] ?? 0;
const median = [...times].sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
console.log(
  `  ${(bytes / 1024 / 1024).toFixed(1)} MB, ${events} events: ${median.toFixed(0)} ms (the first ${first.toFixed(0)} ms), ` +
    `${((median * 1000) / events).toFixed(1)} µs an event; answer ${(answerBytes / 1024 / 1024).toFixed(1)} MB, ` +
    `landed beside it ${(landedBytes / 1024 / 1024).toFixed(1)} MB; peak memory ${peakMb()} MB, ${idleMb} MB before`,
);

function peakMb(): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024);
}
