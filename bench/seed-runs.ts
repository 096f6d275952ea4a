import { randomUUID } from 'node:crypto';
import { seedEvent } from './seed-events.ts';

export interface RunShape {
  readonly events: number;
  readonly minutes: number;
  /** Each is a start and an end; what is left of the events are heartbeats. As many as there is room for by default. */
  readonly steps?: number;
  readonly pipeline?: number;
}

/** One run, the seed's own sample event in each place, evenly over its minutes. */
export function seedRun(
  { events, minutes, pipeline = 0, steps = (events - 2) >> 1 }: RunShape,
  startMs: number,
): readonly Record<string, unknown>[] {
  const run_id = randomUUID();
  const atOf = (place: number) => new Date(startMs + (place * minutes * 60_000) / events).toISOString();
  /** Of how many places one is a step's. */
  const every = Math.floor((events - 2) / (2 * steps));
  return Array.from({ length: events }, (_, place) => {
    const part = (place - 1) / every;
    const isHeartbeat = !Number.isInteger(part) || part >= 2 * steps;
    const ofRun = place === 0 || place === events - 1 || isHeartbeat;
    const step = Math.floor(part / 2);
    const isEnd = ofRun ? place === events - 1 : part % 2 === 1;
    const { step_name, step_index, end_time, duration_ms, ...event } = seedEvent(0, startMs);
    return {
      ...event,
      event_id: randomUUID(),
      run_id,
      process_name: `customer_daily_assemble_${pipeline}`,
      ...(ofRun ? {} : { step_name: `load_table_${step}`, step_index: step }),
      event_type:
        isHeartbeat && !isEnd && place > 0 ? 'HEARTBEAT' : `${ofRun ? 'RUN' : 'STEP'}_${isEnd ? 'END' : 'START'}`,
      status: isEnd ? 'SUCCESS' : 'RUNNING',
      start_time: atOf(ofRun ? 0 : isEnd ? place - every : place),
      ...(isEnd ? { end_time: atOf(place), duration_ms: 60_000 } : {}),
      created_at: atOf(place),
      updated_at: atOf(place),
    };
  });
}
