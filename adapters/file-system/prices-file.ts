import { readFileSync } from 'node:fs';
import type { Price } from '../../core/prices/price.ts';
import { pricesIn } from '../../core/prices/read-prices.ts';
import { isMissingFile } from './missing-file.ts';

/** The prices of a file; none where it is not there. Throws `QueryRejectedError` that names what is wrong with it. */
export function readPricesFile(file: string | undefined): readonly Price[] {
  if (file === undefined) return [];
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
  return pricesIn(file, text);
}
