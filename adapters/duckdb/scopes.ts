/** A node of the tree that DuckDB's parser makes of a SELECT. */
export type Node = Readonly<Record<string, unknown>>;

/**
 * Visits every node below a value, with the names of the CTEs that can be read there, in lower case. A CTE is visible in
 * those after it and in the node it belongs to; in itself only in the right half of a recursive one: the left half of
 * `with recursive t as (select … union select … from t)` still means the table `t`.
 */
export function visitNodes(
  value: unknown,
  visit: (node: Node, visible: ReadonlySet<string>) => void,
  visible: ReadonlySet<string> = new Set(),
): void {
  if (Array.isArray(value)) {
    for (const element of value) visitNodes(element, visit, visible);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const { cte_map, ...parts } = value as Node;
  visit(value as Node, visible);
  let inner = visible;
  for (const { key, value: query } of (cte_map as CteMap | undefined)?.map ?? []) {
    visitNodes(query, visit, inner);
    inner = new Set([...inner, lowerCased(key)]);
  }
  const ownName = parts.type === 'RECURSIVE_CTE_NODE' ? lowerCased(String(parts.cte_name)) : undefined;
  for (const [part, child] of Object.entries(parts)) {
    visitNodes(child, visit, ownName !== undefined && part === 'right' ? new Set([...inner, ownName]) : inner);
  }
}

interface CteMap {
  readonly map?: readonly { readonly key: string; readonly value: unknown }[];
}

/** The names of the CTEs that a node itself has, as written. */
export const ctesOf = ({ cte_map }: Node): readonly string[] =>
  ((cte_map as CteMap | undefined)?.map ?? []).map(({ key }) => key);

/** Engines compare names so. `toLowerCase` would take the Kelvin sign for a k, and a name for another. */
export const lowerCased = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
