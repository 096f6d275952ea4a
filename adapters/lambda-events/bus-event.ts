import * as z from 'zod';
import { expected } from './expected.ts';

/** An event of a bus: what another function published. */
export interface BusEvent<Detail> {
  readonly detail: Detail;
}

const bus = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown() });

/** An event of a bus whose detail is as the schema says. Throws when it is not. */
export function readBusEvent<Schema extends z.ZodType>(event: unknown, detail: Schema): BusEvent<z.output<Schema>> {
  const came = expected(bus, 'an event of a bus', event);
  return { detail: expected(detail, `the detail of ${came['detail-type']} from ${came.source}`, came.detail) };
}
