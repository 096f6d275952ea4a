/** One thing that varies, and the values it takes. */
export interface Factor {
  readonly name: string;
  readonly values: readonly unknown[];
}

interface Level {
  readonly name: string;
  readonly index: number;
  readonly value: unknown;
}

type Row = Readonly<Record<string, unknown>>;

const TRIES = 60;

/**
 * Few rows in which every value of every factor meets every value of every other, but for values that exclude each other:
 * they are `excluded`. Only factors that are `bound` by a pair of names may exclude values of each other, as `isAllowed`
 * says of what is given of them. Each row is the best of some random ones; the same input gives the same rows.
 */
export function pairwise(
  factors: readonly Factor[],
  bound: readonly (readonly [string, string])[],
  isAllowed: (row: Row) => boolean,
): { readonly rows: readonly Row[]; readonly excluded: readonly (readonly [Level, Level])[] } {
  const random = generator(1);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  /** Of each group of factors that are bound to each other, every combination that is allowed. */
  const groups = groupsOf(factors, bound).map((group) =>
    combinationsOf(group).filter((each) => isAllowed(rowOf(each))),
  );
  const possible = new Set(groups.flat().flatMap(pairsOf));
  const groupOf = new Map(groups.flatMap((group, at) => group.flat().map(({ name }) => [name, at])));
  const all = new Map(pairsBetween(factors).map((pair) => [keyOf(...pair), pair]));
  const excluded = [...all].filter(
    ([key, [a, b]]) => groupOf.get(a.name) === groupOf.get(b.name) && !possible.has(key),
  );
  const missing = new Map(all);
  for (const [key] of excluded) missing.delete(key);

  const rows: Row[] = [];
  while (missing.size > 0) {
    const wanted = pick([...missing.values()]);
    const candidates = Array.from({ length: TRIES }, () => {
      const chosen = groups.flatMap((group) => {
        const own = wanted.filter(({ name }) => group[0]?.some((each) => each.name === name));
        return pick(
          group.filter((each) =>
            own.every(({ name, index }) => each.some((level) => level.name === name && level.index === index)),
          ),
        );
      });
      return { row: rowOf(chosen), gain: pairsOf(chosen).filter((key) => missing.has(key)) };
    });
    const best = candidates.reduce((a, b) => (b.gain.length > a.gain.length ? b : a));
    rows.push(best.row);
    for (const key of best.gain) missing.delete(key);
  }
  return { rows, excluded: excluded.map(([, pair]) => pair) };
}

/** Factors that are bound to each other, directly or through others, in one group. */
function groupsOf(factors: readonly Factor[], bound: readonly (readonly [string, string])[]): readonly Factor[][] {
  const group = new Map(factors.map((factor) => [factor.name, [factor]]));
  for (const [a, b] of bound) {
    const [one = [], other = []] = [group.get(a), group.get(b)];
    if (one === other) continue;
    const both = [...one, ...other];
    for (const { name } of both) group.set(name, both);
  }
  return [...new Set(group.values())];
}

const combinationsOf = (group: readonly Factor[]): readonly (readonly Level[])[] =>
  group.reduce<readonly (readonly Level[])[]>(
    (rows, factor) => rows.flatMap((row) => levels(factor).map((level) => [...row, level])),
    [[]],
  );

const pairsBetween = (factors: readonly Factor[]): readonly (readonly [Level, Level])[] =>
  factors.flatMap((a, at) =>
    factors
      .slice(at + 1)
      .flatMap((b) => levels(a).flatMap((x) => levels(b).map((y): readonly [Level, Level] => [x, y]))),
  );

const levels = ({ name, values }: Factor): readonly Level[] => values.map((value, index) => ({ name, index, value }));
const keyOf = (...both: readonly Level[]): string =>
  both
    .map(({ name, index }) => `${name} ${index}`)
    .sort()
    .join(' ');
const pairsOf = (row: readonly Level[]): readonly string[] =>
  row.flatMap((a, at) => row.slice(at + 1).map((b) => keyOf(a, b)));
const rowOf = (chosen: readonly Level[]): Row => Object.fromEntries(chosen.map(({ name, value }) => [name, value]));

/** A linear congruential generator (Numerical Recipes), from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
