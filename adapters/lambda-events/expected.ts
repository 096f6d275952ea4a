import * as z from 'zod';

/** Reads a value by the schema. Throws an error that names where it differs; `what` continues "Expected …". */
export function expected<Schema extends z.ZodType>(schema: Schema, what: string, got: unknown): z.output<Schema> {
  const parsed = schema.safeParse(got);
  if (parsed.success) return parsed.data;
  throw new Error(
    `Expected ${what}, got something else: ${differences(parsed.error)}. Check what invokes this function.`,
    {
      cause: parsed.error,
    },
  );
}

const MAX_SHOWN = 3;

export function differences(error: z.ZodError): string {
  const shown = error.issues.slice(0, MAX_SHOWN).map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  const others = error.issues.length - shown.length;
  return `${shown.join('; ')}${others > 0 ? `; and ${others} more` : ''}`;
}

/** Base64 as AWS sends it. Unlike `Buffer.from`, it refuses text that is not base64. */
export const base64 = z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64'));
