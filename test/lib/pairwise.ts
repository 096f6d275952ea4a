/** One thing that varies, and the values it takes. */
export interface Factor {
  readonly name: string;
  readonly values: readonly unknown[];
}

interface Level {
  readonly name: string;
  readonly index: number;
}

type Row = Readonly<Record<string, unknown>>;

const TRIES = 60;
const ROUNDS_WITHOUT_GAIN = 30;

/**
 * Few rows in which every value of every factor meets every value of every other, as far as `isAllowed` lets it: each is
 * the best of some random ones. Values that never met are `uncovered`. The same input gives the same rows.
 */
export function pairwise(
  factors: readonly Factor[],
  isAllowed: (row: Row) => boolean,
): { readonly rows: readonly Row[]; readonly uncovered: readonly (readonly [Level, Level])[] } {
  const random = generator(1);
  const missing = new Map(
    factors.flatMap((a, at) =>
      factors
        .slice(at + 1)
        .flatMap((b) => levels(a).flatMap((x) => levels(b).map((y) => [keyOf(x, y), [x, y] as const]))),
    ),
  );
  const rows: Row[] = [];
  for (let idle = 0; missing.size > 0 && idle < ROUNDS_WITHOUT_GAIN; ) {
    const wanted = [...missing.values()][Math.floor(random() * missing.size)] ?? [];
    const candidates = Array.from({ length: TRIES }, () => {
      const chosen = factors.map(({ name, values }) => {
        const index = wanted.find((level) => level.name === name)?.index ?? Math.floor(random() * values.length);
        return { name, index, value: values[index] };
      });
      const gain = pairsOf(chosen).filter((key) => missing.has(key));
      return { row: Object.fromEntries(chosen.map(({ name, value }) => [name, value])), gain };
    }).sort((a, b) => b.gain.length - a.gain.length);
    const best = candidates.find(({ row, gain }) => gain.length > 0 && isAllowed(row));
    idle = best === undefined ? idle + 1 : 0;
    if (best === undefined) continue;
    rows.push(best.row);
    for (const key of best.gain) missing.delete(key);
  }
  return { rows, uncovered: [...missing.values()] };
}

const levels = ({ name, values }: Factor): readonly Level[] => values.map((_, index) => ({ name, index }));
const keyOf = (a: Level, b: Level): string => `${a.name} ${a.index} ${b.name} ${b.index}`;
const pairsOf = (row: readonly Level[]): readonly string[] =>
  row.flatMap((a, at) => row.slice(at + 1).map((b) => keyOf(a, b)));

/** A linear congruential generator (Numerical Recipes), from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
