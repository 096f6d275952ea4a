import { type Problem, problemShown } from '../pipelines/problem.ts';
import { readYaml } from '../pipelines/read-yaml.ts';
import { QueryRejectedError } from '../ports/answer-engine.ts';
import { pricesSchema } from './file-schema.ts';
import type { Price } from './price.ts';

/** A file of prices as it was read. */
export interface ReadPrices {
  /** Undefined when there is a problem: then the file is not to be used. */
  readonly prices: readonly Price[] | undefined;
  readonly problems: readonly Problem[];
}

/** Reads and checks the text of `prices.yaml`. Never throws: what is wrong is in the problems. */
export function readPrices(text: string): ReadPrices {
  const { file, problems } = readYaml(text, pricesSchema);
  if (file === undefined) return { prices: undefined, problems };
  const { currency, node_types = {}, ...units } = file;
  return {
    problems,
    prices: [
      ...Object.entries(node_types).map(([name, price]): Price => ({ unit: 'node_hour', name, price, currency })),
      ...(['dpu_hour', 'dbu', 'athena_tb'] as const).flatMap((unit): readonly Price[] => {
        const price = units[unit];
        return price === undefined ? [] : [{ unit, name: '', price, currency }];
      }),
    ],
  };
}

/** The prices of a file of this name. Throws `QueryRejectedError` that names what is wrong with it. */
export function pricesIn(file: string, text: string): readonly Price[] {
  const { prices, problems } = readPrices(text);
  if (prices !== undefined) return prices;
  throw new QueryRejectedError(problems.map((problem) => problemShown(file, problem)).join('\n'));
}
