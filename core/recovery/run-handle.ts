import * as z from 'zod';
import type { RestartKind } from './policy.ts';

const handleSchema = z.object({ kind: z.string() }).catchall(z.string().min(1));

/** By which a run is found on its platform, as a text to keep. */
export const handleText = (kind: RestartKind, parts: Readonly<Record<string, string>>): string =>
  JSON.stringify({ kind, ...parts });

/** The platform of a handle; undefined when the text is none. */
export const handleKind = (handle: string): string | undefined => read(handle)?.kind;

/** What a run is found by; undefined when the text is no handle of this kind with all of these parts. */
export function handleParts<Part extends string>(
  kind: RestartKind,
  handle: string,
  parts: readonly Part[],
): Readonly<Record<Part, string>> | undefined {
  const found = read(handle);
  if (found?.kind !== kind || parts.some((part) => found[part] === undefined)) return undefined;
  return Object.fromEntries(parts.map((part) => [part, found[part]])) as Record<Part, string>;
}

function read(handle: string): z.output<typeof handleSchema> | undefined {
  try {
    return handleSchema.safeParse(JSON.parse(handle)).data;
  } catch {
    return undefined;
  }
}
