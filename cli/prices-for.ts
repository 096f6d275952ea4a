import { existsSync } from 'node:fs';
import type { Price } from '../core/prices/price.ts';
import { pricesIn } from '../core/prices/read-prices.ts';
import type { Io } from './io.ts';
import { PRICES_FILE, textOfPrices } from './prices-file.ts';
import { fileIn, folderOf } from './serve/options.ts';

/** Of the file that is named, else of the one that `serve` would read; none where there is no such file. */
export function pricesFor(
  { prices, data }: { readonly prices?: string | undefined; readonly data?: string | undefined },
  io: Pick<Io, 'env'>,
): readonly Price[] {
  const file = prices ?? fileIn(folderOf({ data }, io), PRICES_FILE);
  return prices === undefined && !existsSync(file) ? [] : pricesIn(file, textOfPrices(file));
}
