import fc from 'fast-check';
import type { Event } from '../../core/schema/event.ts';

/** Few values, so that histories collide: same times, same ids, same names, on both sides of midnight. */
const TIMES = [
  '2025-11-02T23:59:59.999Z',
  '2025-11-03T00:00:00.000Z',
  '2025-11-03T09:00:00.000Z',
  '2025-11-03T09:00:00.001Z',
  '2025-11-03T10:30:00.500Z',
  '2025-11-03T23:59:59.000Z',
  '2025-11-04T00:00:01.000Z',
  '2025-11-04T12:00:00.000Z',
];
const time = fc.constantFrom(...TIMES);
/** A character beyond U+FFFF and one just below it: UTF-16 and code points order them differently. */
const id = fc.constantFrom('a', 'b', 'B', '\u{1F600}', '\uE000', 'aa');
const count = fc.constantFrom(0, 1, 7, 1_000_000, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER);
/** Absent one time in `freq`. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 3) => fc.option(arbitrary, { nil: undefined, freq });

const paths = fc.array(
  fc.record(
    { path: fc.constantFrom('s3://a', 's3://b', 's3://c'), type: fc.constantFrom('s3', 'delta') },
    { requiredKeys: [] },
  ),
  { maxLength: 2 },
);

const body = fc.record({
  event_time: time,
  event_id: id,
  start_time: maybe(time, 2),
  end_time: maybe(time, 2),
  duration_ms: maybe(count, 2),
  run_attempt: fc.constantFrom(1, 1, 1, 2, 3),
  attempt: maybe(fc.constantFrom(0, 1, 2)),
  records_in: maybe(count, 2),
  records_out: maybe(count, 2),
  data_size_bytes_in: maybe(count, 2),
  reporter: maybe(fc.constantFrom('aws.glue', 'openlineage', 'runledger'), 2),
  flags: maybe(fc.constant(['event_time_assumed']), 4),
  lease_ms: maybe(fc.constantFrom(180_000, 1_200_000), 2),
  owner: maybe(id, 2),
  user: maybe(id, 2),
  job_id: maybe(id, 2),
  scheduled_for: maybe(time, 2),
  error: maybe(
    fc.record(
      {
        error_code: fc.constantFrom('T101', 'D201', 'E3001'),
        message: fc.constantFrom('it broke', 'it\'s "broken"', '\u{1F4A5}'),
        retryable: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    2,
  ),
  sla: maybe(fc.record({ expected_max_duration_ms: fc.oneof(count, fc.constantFrom(50_000_000, 100_000_000)) }), 2),
  input_sources: maybe(paths, 2),
  output_targets: maybe(paths, 2),
  cluster: maybe(fc.record({ cluster_id: id }), 2),
  metrics: maybe(
    fc.constantFrom({ memory_used_mb: 512.5 }, { memory_used_mb: 0.1, x: 1 }, { memory_used_mb: -1 }, { y: 2 }),
    2,
  ),
});

const ENDS = ['FAILED', 'TIMED_OUT', 'CANCELLED', 'SUCCESS', 'SKIPPED', 'RETRY'] as const;
const said = fc.oneof(
  fc.record({ verb: fc.constant('START' as const), status: fc.constantFrom('RUNNING' as const, 'QUEUED' as const) }),
  fc.record({ verb: fc.constant('END' as const), status: fc.constantFrom(...ENDS, undefined) }),
);
const step = fc.record({
  step_name: fc.constantFrom('extract', 'load'),
  step_index: maybe(fc.constantFrom(0, 2), 2),
  map_index: maybe(fc.constantFrom(0, 1), 2),
});
const event = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(body, said)
        .map(([b, s]) => ({ ...b, event_type: `RUN_${s.verb}` as const, status: s.status })),
    },
    {
      weight: 6,
      arbitrary: fc
        .tuple(body, said, step)
        .map(([b, s, at]) => ({ ...b, ...at, event_type: `STEP_${s.verb}` as const, status: s.status })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          body,
          fc.constantFrom(
            'ERROR' as const,
            'HEARTBEAT' as const,
            'METRIC' as const,
            'CHECKPOINT' as const,
            'QUALITY' as const,
          ),
          maybe(step, 2),
          maybe(fc.constantFrom('RUNNING' as const, 'FAILED' as const), 2),
        )
        .map(([b, event_type, at, status]) => ({ ...b, ...at, event_type, status })),
    },
    // Words that contradict themselves: a RUN_* that names a step says nothing of the run.
    {
      weight: 1,
      arbitrary: fc
        .tuple(body, said, step)
        .map(([b, s, at]) => ({ ...b, ...at, event_type: `RUN_${s.verb}` as const, status: s.status })),
    },
  )
  .map((fields) => {
    const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    return known as Partial<Event> & Pick<Event, 'event_time' | 'event_id' | 'event_type'>;
  });

/** What a run did, as its producer tells it. */
export type History = readonly Event[];

/** Canonical events of one run each. Keys are unique within one seed's sample. */
export function histories(count: number, seed: number): readonly History[] {
  const samples = fc.sample(fc.array(event, { minLength: 1, maxLength: 12 }), { numRuns: count, seed });
  return samples.map((events, run) =>
    events.map(
      (fields, place): Event => ({
        event_key: `${seed >>> 0}`.padStart(12, '0') + `${run}`.padStart(12, '0') + `${place}`.padStart(8, '0'),
        event_date: fields.event_time.slice(0, 10),
        received_at: '2025-11-05T00:00:00.000Z',
        environment: run % 2 === 0 ? 'prod' : 'test',
        process_name: `pipeline ${run % 3}`,
        run_id: `run-${seed}-${run}`,
        run_attempt: 1,
        ...fields,
      }),
    ),
  );
}
