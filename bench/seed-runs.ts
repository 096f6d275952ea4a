import { randomUUID } from 'node:crypto';
import { seedEvent } from './seed-events.ts';

export interface RunShape {
  readonly events: number;
  readonly minutes: number;
  /** Each is a start and an end; what is left of the events are heartbeats. As many as there is room for by default. */
  readonly steps?: number;
  readonly pipeline?: number;
  /** How often the run promises to beat, in seconds; by default it promises nothing. */
  readonly promisedSeconds?: number;
}

/** One run: copies of the seed sample event, evenly over its minutes. */
export function seedRun(
  { events, minutes, pipeline = 0, steps = (events - 2) >> 1, promisedSeconds = 0 }: RunShape,
  startMs: number,
): readonly Record<string, unknown>[] {
  const run_id = randomUUID();
  const atOf = (index: number) => new Date(startMs + (index * minutes * 60_000) / events).toISOString();
  /** Every so many events, one is a step event. */
  const every = Math.floor((events - 2) / (2 * steps));
  return Array.from({ length: events }, (_, index) => {
    const part = (index - 1) / every;
    const isHeartbeat = !Number.isInteger(part) || part >= 2 * steps;
    const ofRun = index === 0 || index === events - 1 || isHeartbeat;
    const step = Math.floor(part / 2);
    const isEnd = ofRun ? index === events - 1 : part % 2 === 1;
    const { step_name, step_index, end_time, duration_ms, ...event } = seedEvent(0, startMs);
    return {
      ...event,
      event_id: randomUUID(),
      run_id,
      process_name: `customer_daily_assemble_${pipeline}`,
      ...(promisedSeconds === 0 ? {} : { heartbeat_interval_ms: promisedSeconds * 1000 }),
      ...(ofRun ? {} : { step_name: `load_table_${step}`, step_index: step }),
      event_type:
        isHeartbeat && !isEnd && index > 0 ? 'HEARTBEAT' : `${ofRun ? 'RUN' : 'STEP'}_${isEnd ? 'END' : 'START'}`,
      status: isEnd ? 'SUCCESS' : 'RUNNING',
      start_time: atOf(ofRun ? 0 : isEnd ? index - every : index),
      ...(isEnd ? { end_time: atOf(index), duration_ms: 60_000 } : {}),
      created_at: atOf(index),
      updated_at: atOf(index),
    };
  });
}
