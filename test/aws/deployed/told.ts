import { randomUUID } from 'node:crypto';

/** A name that no other test has used, nor the same one before. */
export const anew = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

const HOUR_MS = 3_600_000;

export const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();
export const dayAgo = (days: number): string => hoursAgo(24 * days).slice(0, 10);

/** Where Firehose lands what arrived so many hours ago. */
export const landedAt = (hours: number, name: string): string => {
  const at = hoursAgo(hours);
  return `raw/dt=${at.slice(0, 10)}/hh=${at.slice(11, 13)}/${anew(name)}.ndjson`;
};

/** What a producer sends of an event. */
export const line = (event: Readonly<Record<string, unknown>>): string => JSON.stringify(event);

/** A run that went well, in two lines. */
export const aRun = (process_name: string, run_id: string, start: string): readonly string[] => [
  line({ process_name, run_id, event_type: 'RUN_START', created_at: start }),
  line({
    ...{ process_name, run_id, event_type: 'RUN_END', status: 'SUCCESS', records_out: 10 },
    created_at: new Date(Date.parse(start) + 60_000).toISOString(),
  }),
];
