import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { isMissingFile } from './missing-file.ts';

const servingSchema = z.object({ url: z.url(), pid: z.int().positive(), token: z.string().min(1).optional() });

/** Where the ledger that holds a folder can be reached: its address, its process, and the token it asks for. */
export type Serving = z.output<typeof servingSchema>;

/** Writes down where the holder of the folder serves; only the user may read it. */
export function writeServing(dir: string, serving: Serving): void {
  const temporary = join(dir, `.tmp-${randomUUID()}`);
  writeFileSync(temporary, `${JSON.stringify(servingSchema.parse(serving))}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, servingFile(dir));
}

/** Null when no ledger serves from the folder. Throws when the file says something else. */
export function readServing(dir: string): Serving | null {
  const file = servingFile(dir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw error;
  }
  try {
    return servingSchema.parse(JSON.parse(text));
  } catch (error) {
    const came = error instanceof z.ZodError ? z.prettifyError(error) : 'no JSON';
    throw new Error(
      `Expected ${file} to say where the ledger serves, as {"url", "pid", "token"}, got: ${came}. ` +
        'Stop the ledger, remove the file, and start it again.',
      { cause: error },
    );
  }
}

/** Removes what a holder wrote down; does nothing when there is nothing. */
export const removeServing = (dir: string): void => rmSync(servingFile(dir), { force: true });

const servingFile = (dir: string): string => join(dir, 'serving.json');
