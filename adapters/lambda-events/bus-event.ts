import * as z from 'zod';
import { expected } from './expected.ts';

/** An event of an EventBridge bus. */
export interface BusEvent<Detail> {
  readonly detail: Detail;
}

const bus = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown() });

/** Reads an event of a bus, its detail by the schema. Throws when either differs. */
export function readBusEvent<Schema extends z.ZodType>(event: unknown, detail: Schema): BusEvent<z.output<Schema>> {
  const got = expected(bus, 'an event of a bus', event);
  return { detail: expected(detail, `the detail of ${got['detail-type']} from ${got.source}`, got.detail) };
}
