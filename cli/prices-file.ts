import { readFileSync } from 'node:fs';
import { errorMessage } from '../core/error-message.ts';
import { EXIT, Stop } from './exit-code.ts';

/** The file of prices where none is named. */
export const PRICES_FILE = 'prices.yaml';

export function textOfPrices(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Stop(EXIT.notFound, `expected a file of prices at ${file}, but got: ${errorMessage(cause)}`, { cause });
  }
}
