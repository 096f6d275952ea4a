/** A pipeline that made one dataset of another. */
export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly process_name: string;
  readonly environment: string;
}

/** A dataset with its place: `layer` from left to right, `row` from top to bottom. */
export interface PlacedNode {
  readonly path: string;
  readonly layer: number;
  readonly row: number;
}

export interface PlacedGraph {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly Edge[];
  /** Datasets that were left out, so that what is drawn can be read. */
  readonly left: number;
}

const MOST_NODES = 150;
const MOST_EDGES = 600;

/**
 * Places the neighbourhood of a dataset in layers: what it is made from to the left, what is made from it to the right,
 * each as far away as its shortest way. Cycles end where they come back. Of very many neighbours the nearest are drawn.
 */
export function placed(edges: readonly Edge[], centre: string): PlacedGraph {
  const distance = new Map<string, number>([[centre, 0]]);
  walk(centre, 1, neighbours(edges, 'source', 'target'), distance);
  walk(centre, -1, neighbours(edges, 'target', 'source'), distance);
  const nearest = [...distance].sort(([a, x], [b, y]) => Math.abs(x) - Math.abs(y) || a.localeCompare(b));
  const kept = new Map(nearest.slice(0, MOST_NODES));
  const shown = edges.filter(({ source, target }) => kept.has(source) && kept.has(target)).slice(0, MOST_EDGES);

  const least = Math.min(0, ...kept.values());
  const layers = new Map<number, string[]>();
  for (const [path, at] of kept) layers.set(at - least, [...(layers.get(at - least) ?? []), path]);
  const rows = ordered(layers, shown);
  return {
    nodes: [...kept].map(([path, at]) => ({ path, layer: at - least, row: rows.get(path) ?? 0 })),
    edges: shown,
    left: distance.size - kept.size,
  };
}

type Side = 'source' | 'target';

function neighbours(edges: readonly Edge[], from: Side, to: Side): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const edge of edges) {
    const known = found.get(edge[from]);
    if (known === undefined) found.set(edge[from], [edge[to]]);
    else known.push(edge[to]);
  }
  return found;
}

function walk(
  centre: string,
  step: 1 | -1,
  next: ReadonlyMap<string, readonly string[]>,
  distance: Map<string, number>,
): void {
  let border = [centre];
  for (let at = step; border.length > 0; at += step) {
    const reached: string[] = [];
    for (const path of border) {
      for (const neighbour of next.get(path) ?? []) {
        if (distance.has(neighbour)) continue;
        distance.set(neighbour, at);
        reached.push(neighbour);
      }
    }
    border = reached;
  }
}

/** Rows within the layers: each dataset near the mean of those that it is joined to, so that fewer lines cross. */
function ordered(layers: ReadonlyMap<number, readonly string[]>, edges: readonly Edge[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const paths of layers.values()) for (const [row, path] of paths.entries()) rows.set(path, row);
  const joined = new Map<string, string[]>();
  for (const { source, target } of edges) {
    joined.set(source, [...(joined.get(source) ?? []), target]);
    joined.set(target, [...(joined.get(target) ?? []), source]);
  }
  const meanOf = (path: string): number => {
    const those = joined.get(path) ?? [];
    return those.length === 0
      ? (rows.get(path) ?? 0)
      : those.reduce((sum, each) => sum + (rows.get(each) ?? 0), 0) / those.length;
  };
  const numbers = [...layers.keys()].sort((a, b) => a - b);
  for (const order of [numbers, [...numbers].reverse(), numbers]) {
    for (const number of order) {
      const sorted = [...(layers.get(number) ?? [])]
        .map((path) => [path, meanOf(path)] as const)
        .sort((a, b) => a[1] - b[1]);
      for (const [row, [path]] of sorted.entries()) rows.set(path, row);
    }
  }
  return rows;
}

/** Datasets that are stale: written by a pipeline that does not deliver, or made of what is stale. */
export function staleFrom(edges: readonly Edge[], isStuck: (edge: Edge) => boolean): ReadonlySet<string> {
  const stale = new Set(edges.filter(isStuck).map(({ target }) => target));
  const next = neighbours(edges, 'source', 'target');
  let border = [...stale];
  while (border.length > 0) {
    const reached = border.flatMap((path) => next.get(path) ?? []).filter((path) => !stale.has(path));
    for (const path of reached) stale.add(path);
    border = [...new Set(reached)];
  }
  return stale;
}
