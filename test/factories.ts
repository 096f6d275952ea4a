import type { Event } from '../core/schema/event.ts';

let made = 0;

/** A canonical event: the start of one run, unless said otherwise. Each has a key of its own. */
export function anEvent(overrides: Partial<Event> = {}): Event {
  made += 1;
  const event_key = overrides.event_key ?? made.toString(16).padStart(32, '0');
  const event_time = overrides.event_time ?? '2025-11-03T12:00:00.000Z';
  return {
    event_key,
    event_date: event_time.slice(0, 10),
    event_time,
    received_at: '2025-11-03T12:00:01.000Z',
    environment: 'prod',
    event_id: event_key,
    run_id: 'run-1',
    process_name: 'customer_daily',
    event_type: 'RUN_START',
    run_attempt: 1,
    ...overrides,
  };
}
