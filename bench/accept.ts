import { acceptRecords } from '../flows/accept.ts';
import { acceptSettings } from './accept-settings.ts';
import { seedEvent } from './seed-events.ts';

/**
 * How fast accept is against its floor: base64 decode, JSON.parse, JSON.stringify, base64 encode of the same seed
 * events packed 500 a record, in the same process. Printed as the ratio floor / accept, several times.
 */
const RECORDS = 20;
const EVENTS_PER_RECORD = 500;
const ROUNDS = 7;

const packed = Array.from({ length: RECORDS }, (_, record) =>
  Buffer.from(
    Array.from({ length: EVENTS_PER_RECORD }, (_, at) =>
      JSON.stringify(seedEvent(record * EVENTS_PER_RECORD + at, 1.7621e12)),
    ).join('\n'),
  ).toString('base64'),
);
const events = RECORDS * EVENTS_PER_RECORD;
const bytes = Buffer.from(packed[0] ?? '', 'base64').length / EVENTS_PER_RECORD;

function floor(): number {
  let size = 0;
  for (const data of packed) {
    const lines = Buffer.from(data, 'base64').toString('utf8').split('\n');
    size += Buffer.from(lines.map((line) => JSON.stringify(JSON.parse(line))).join('\n')).toString('base64').length;
  }
  return size;
}

function accept(): number {
  let size = 0;
  for (const data of packed) {
    const batch = acceptRecords([Buffer.from(data, 'base64')], '2025-11-03T12:00:00.000Z', acceptSettings);
    if (batch.lines.length !== EVENTS_PER_RECORD)
      throw new Error(`accepted ${batch.lines.length} of ${EVENTS_PER_RECORD}`);
    size += Buffer.from(batch.lines.join('\n')).toString('base64').length;
  }
  return size;
}

const microseconds = (work: () => number): number => {
  const startedAt = performance.now();
  work();
  return ((performance.now() - startedAt) * 1000) / events;
};

for (let warm = 0; warm < 3; warm++) {
  floor();
  accept();
}
console.log(`accept: ${events} seed events of ${Math.round(bytes)} bytes, ${EVENTS_PER_RECORD} a record`);
const ratios: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const floorUs = microseconds(floor);
  const acceptUs = microseconds(accept);
  ratios.push(floorUs / acceptUs);
  console.log(
    `  floor ${floorUs.toFixed(2)} µs, accept ${acceptUs.toFixed(2)} µs an event: ratio ${(floorUs / acceptUs).toFixed(2)}`,
  );
}
ratios.sort((a, b) => a - b);
console.log(
  `accept ratio, median of ${ROUNDS}: ${ratios[Math.floor(ROUNDS / 2)]?.toFixed(2)} (at least 0.5, aim 0.55)`,
);

/** Hostile strings: four times the length must cost about four times the time. */
for (const unit of ['a', '@', '://']) {
  const line = (size: number) =>
    Buffer.from(JSON.stringify({ ...seedEvent(0, 1.7621e12), message: unit.repeat(size / unit.length) }));
  const time = (size: number) => {
    const record = line(size);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const startedAt = performance.now();
      acceptRecords([record], '2025-11-03T12:00:00.000Z', acceptSettings);
      best = Math.min(best, performance.now() - startedAt);
    }
    return best;
  };
  const small = time(60 * 1024);
  const large = time(240 * 1024);
  console.log(
    `accept of 240 KB of "${unit}": ${large.toFixed(1)} ms, ${(large / small).toFixed(1)} times that of 60 KB (linear: 4)`,
  );
}
