import * as z from 'zod';
import type { ColumnType, PartialRowOf } from './column-type.ts';
import { eventColumns } from './event-columns.ts';

export { EVENT_TYPES, type EventType } from './event-columns.ts';
export { STATUSES, type Status } from './status.ts';

type EventFields = PartialRowOf<typeof eventColumns>;

/** What every accepted event has: identity, time, place and what happened. */
export const REQUIRED_FIELDS = [
  'event_key',
  'event_date',
  'event_time',
  'received_at',
  'environment',
  'event_id',
  'run_id',
  'process_name',
  'event_type',
  'run_attempt',
] as const satisfies readonly (keyof EventFields)[];
type Required = (typeof REQUIRED_FIELDS)[number];

/** An accepted event: canonical, masked, stamped. Absent means unknown; null is never written. */
export type Event = Omit<EventFields, Required> & { readonly [Name in Required]: NonNullable<EventFields[Name]> };

/** Integers outside 0..2^53-1 are unknown: no language or engine on the way may round a count. */
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const wellFormed = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'expected well-formed text');

const fields = Object.fromEntries(
  Object.entries(eventColumns).map(([name, column]) => {
    const value = 'oneOf' in column ? z.enum(column.oneOf) : schemaOf(column.type);
    return [name, (REQUIRED_FIELDS as readonly string[]).includes(name) ? value : value.optional()];
  }),
);

/** The specification of what accept writes. Strict: a field that is not a column does not pass. */
export const eventSchema = z.strictObject(fields) as unknown as z.ZodType<Event>;

/** An event that landed: fields that only a newer ledger knows, rolled back since, are left out of it. */
export const landedEventSchema = z.object(fields) as unknown as z.ZodType<Event>;

function schemaOf(type: ColumnType): z.ZodType {
  if (typeof type === 'object') {
    if ('array' in type) return z.array(schemaOf(type.array));
    if ('map' in type) return z.record(wellFormed, schemaOf(type.map));
    return z.strictObject(
      Object.fromEntries(Object.entries(type.row).map(([name, field]) => [name, schemaOf(field).optional()])),
    );
  }
  switch (type) {
    case 'varchar':
      return wellFormed;
    case 'bigint':
      return count;
    case 'integer':
      return count.max(2_147_483_647);
    case 'double':
      return z.number();
    case 'boolean':
      return z.boolean();
    case 'timestamp':
      return z.iso.datetime({ precision: 3 });
    case 'date':
      return z.iso.date();
  }
}
