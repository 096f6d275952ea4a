import fc from 'fast-check';
import type { ColumnType, ScalarType } from '../../core/schema/column-type.ts';
import { eventColumns } from '../../core/schema/event-columns.ts';

/** Lines with every field an event may have, mostly of the right kind: what accept lets in, every engine reads alike. */
export function wildLines(count: number, seed: number): readonly string[] {
  const fields = Object.entries(eventColumns)
    .filter(([name]) => !PLACING.has(name))
    .map(([name, { type }]) => [name, ofType(type)] as const);
  const event = fc
    .tuple(
      fc.record(Object.fromEntries(fields), { requiredKeys: [] }),
      fc.dictionary(key, anything, { maxKeys: 2 }),
      identity,
    )
    .map(([known, unknown, who]) => JSON.stringify({ ...unknown, ...known, ...who }));
  return fc.sample(event, { numRuns: count, seed });
}

/** What places an event among runs and days: left to itself it would spread the sample over a century of partitions. */
const identity = fc.record({
  process_name: fc.constantFrom('wild', 'wilder'),
  run_id: fc.constantFrom('1', '2', '3'),
  event_type: fc.constantFrom('RUN_START', 'RUN_END', 'STEP_END', 'METRIC'),
  created_at: fc.constantFrom('2025-11-03T01:02:03.456Z', '2025-11-02T23:59:59.999Z'),
});
const PLACING = new Set([
  ...['process_name', 'run_id', 'event_type', 'environment', 'event_date'],
  ...['event_time', 'created_at', 'updated_at', 'start_time', 'end_time'],
]);

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', ' ', "'", '"', '\\', '\\N', '\u2028', '\u0001', '{{now}}', ':now', 'null', '2025-11-03', '1e3'),
);
/** V8 13.6 reads the key `"` as `\\` once an object had `\\` in that place: such keys prove nothing of an engine. */
const key = text.filter((each) => each !== '"' && each !== '\\');
const anything = fc.oneof(
  text,
  fc.double(),
  fc.array(text, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('a', 'A', 'ä'), text),
  fc.constantFrom(null, true, 1e16, -1, 1.5, '7', 'true', [], {}, [[1]]),
);
const count = fc.oneof(fc.nat(9), fc.maxSafeNat(), fc.constantFrom(2 ** 31, 2 ** 53, -1, 0.5));
const instant = fc.constantFrom('2025-11-03T01:02:03.4Z', '2025-11-03 01:02:03', '2025-11-03', 1_762_128_000, 'soon');

const SCALARS: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  varchar: text,
  bigint: count,
  integer: count,
  double: fc.double(),
  boolean: fc.boolean(),
  timestamp: instant,
  date: instant,
};

const ofType = (type: ColumnType): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: ofRightType(type) }, { weight: 1, arbitrary: anything });

function ofRightType(type: ColumnType): fc.Arbitrary<unknown> {
  if (typeof type === 'string') return SCALARS[type];
  if ('array' in type) return fc.array(ofType(type.array), { maxLength: 3 });
  if ('map' in type) return fc.dictionary(key, ofType(type.map), { maxKeys: 3 });
  const fields = Object.entries(type.row).map(([name, field]) => [name, ofType(field)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}
