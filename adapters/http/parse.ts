import type * as z from 'zod';
import { errorMessage } from '../../core/error-message.ts';
import { HttpError } from './http-error.ts';

/** The value as the schema has it. Throws a 400 that names what is wrong, and where. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length ? `${path.join('.')}: ${message}` : message,
  );
  throw new HttpError(400, 'bad_request', `${where} cannot be read: ${problems.join('; ').slice(0, 500)}`);
}

/** A body as JSON. Throws a 400 for anything else. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    const why = errorMessage(cause).slice(0, 160);
    throw new HttpError(400, 'bad_request', `expected a JSON object, but got a body that is not JSON (${why})`);
  }
}
